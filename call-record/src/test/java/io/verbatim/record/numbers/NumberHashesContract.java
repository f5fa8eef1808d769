package io.verbatim.record.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.record.database.Database;
import io.verbatim.record.database.DatabaseUrl;
import io.verbatim.record.database.Dialect;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Secret;
import io.verbatim.service.Transport;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Keys and hashes in a database, also one with calls of an older version.
abstract class NumberHashesContract {

  private static final String NUMBER = "+91 98765 43210";
  private static final PhoneNumber PARSED = PhoneNumber.parse(NUMBER).orElseThrow();
  private static final Secret KEY = new Secret("k".repeat(32));
  private static final Secret UNSET = new Secret("");

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));

  @AfterEach
  void close() {
    loop.close();
  }

  /// The address of an empty database, which exists until the test ends.
  abstract String url();

  private Database open(String url, NumberHashes hashes) {
    Database database = Database.open(DatabaseUrl.parse(url), loop, new NumberMigration(hashes));
    await().atMost(60, TimeUnit.SECONDS).until(database::isConnected);
    return database;
  }

  private static @Nullable String hash(Database database, NumberHashes hashes, String tenant) {
    return database
        .<List<@Nullable String>>transact(connection -> {
          List<@Nullable String> one = new ArrayList<>();
          one.add(hashes.key(connection).hash(NUMBER, tenant));
          return one;
        })
        .getFirst();
  }

  @Test
  void unsetKey_isMadeOnceInTheDatabase() {
    String url = url();
    NumberHashes first = new NumberHashes(UNSET);
    NumberHashes second = new NumberHashes(UNSET);
    try (Database one = open(url, first);
        Database other = open(url, second)) {
      String hash = hash(one, first, "acme");

      assertThat(hash).matches("[0-9a-f]{64}").isEqualTo(hash(other, second, "acme"));
      assertThat(hash(one, first, "globex")).isNotEqualTo(hash);
    }
    try (Database another = open(url(), first)) {
      assertThat(hash(another, first, "acme")).isNotNull();
    }
  }

  @Test
  void keyThatIsSetLater_findsOlderHashesToo() {
    String url = url();
    NumberHashes before = new NumberHashes(UNSET);
    NumberHashes after = new NumberHashes(KEY);
    try (Database database = open(url, before)) {
      String old = hash(database, before, "acme");
      String current = hash(database, after, "acme");

      assertThat(current).isNotEqualTo(old);
      assertThat(
              database.<List<String>>transact(
                  connection -> after.possible(connection, PARSED, "acme")))
          .containsExactly(current, old);
      assertThat(
              database.<List<String>>transact(
                  connection -> before.possible(connection, PARSED, "acme")))
          .containsExactly(old);
    }
  }

  @Test
  void olderVersionsNumbers_becomeHashesAndLastDigits() throws SQLException {
    String url = url();
    try (Connection older = migratedToSeven(DatabaseUrl.parse(url))) {
      for (int call = 0; call < 1_203; call++) {
        insert(older, "call-" + call, call % 3 == 0 ? null : NUMBER);
      }
    }
    NumberHashes hashes = new NumberHashes(KEY);
    try (Database database = open(url, hashes)) {
      String expected = hash(database, hashes, "acme");

      List<String> rows = database.transact(NumberHashesContract::rows);

      assertThat(rows).hasSize(1_203);
      assertThat(rows).filteredOn(row -> row.equals("null null …5678 null")).hasSize(401);
      assertThat(rows)
          .filteredOn(row -> row.equals("…3210 " + expected + " …5678 null"))
          .hasSize(802);
    }
  }

  private static Connection migratedToSeven(DatabaseUrl url) throws SQLException {
    String location = "classpath:io/verbatim/record/database/";
    String own = url.dialect() == Dialect.POSTGRES ? "postgres" : "h2";
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(url.jdbcUrl().value(), url.user(), url.password().value())
        .locations(location + "common", location + own)
        .table("record_schema_history")
        .target("7")
        .load()
        .migrate();
    return DriverManager.getConnection(url.jdbcUrl().value(), url.user(), url.password().value());
  }

  private static void insert(Connection connection, String id, @Nullable String from)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into archived_call (call_id, tenant, started_at, started_day, ended_at, line,"
                + " content, source, format, complete, finals, words, unconfirmed, claims,"
                + " received_bytes, lost_bytes, sent_bytes, covered_bytes, gap_bytes, received_ms,"
                + " transcribed_ms, gap_ms, sent_ms, body_bytes, from_number, to_number) values"
                + " (?, 'acme', current_timestamp, current_date, current_timestamp, 'x', 'stored',"
                + " 'pcm', 'pcm16/8000/1', true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?,"
                + " 'sip-x5678')")) {
      insert.setString(1, id);
      insert.setString(2, from);
      insert.executeUpdate();
    }
  }

  private static List<String> rows(Connection connection) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "select from_number, from_hash, to_number, to_hash from archived_call");
        ResultSet found = select.executeQuery()) {
      while (found.next()) {
        rows.add(
            "%s %s %s %s"
                .formatted(
                    found.getString(1),
                    found.getString(2),
                    found.getString(3),
                    found.getString(4)));
      }
    }
    return rows;
  }
}
