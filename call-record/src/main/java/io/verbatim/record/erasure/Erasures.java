package io.verbatim.record.erasure;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.record.archive.CallRow;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.RepeatedWork;
import io.verbatim.record.database.StorableText;
import io.verbatim.record.database.StorableTime;
import io.verbatim.record.numbers.NumberHashes;
import io.verbatim.record.numbers.PhoneNumber;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// Erases calls in the database, and notices erasures of all gateways. Thread-safe.
public final class Erasures implements AutoCloseable {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int MAX_READ = 500;
  private static final String COLUMNS = "id, erased_at, erased_by, call_id, tenant, started_at";
  private static final String CALLS =
      "select id, started_at, content from archived_call where call_id = ? and tenant = ? for"
          + " update";
  private static final String CLEAR =
      "update archived_call set content = 'erased', from_number = null, from_hash = null, to_number"
          + " = null, to_hash = null, language = null, recognizer_reason = null, body_bytes = 0"
          + " where id = ?";

  private static final String WITH_NUMBER =
      "select distinct call_id from archived_call where (from_hash = ? or to_hash = ?) and tenant ="
          + " ? and content = 'stored'";

  /// The archived calls of a number.
  ///
  /// @param hash of the number, with the key of now
  public record OfNumber(String hash, List<CallId> calls) {}

  private final Database database;
  private final NumberHashes hashes;
  private final InstantSource clock;
  private final RepeatedWork noticing =
      new RepeatedWork(
          "erasures", RepeatedWork.Pauses.every(POLL), "erasures.read_failed", this::notice);
  private volatile Consumer<Erasure> onErased = _ -> {};

  public Erasures(Database database, NumberHashes hashes, InstantSource clock) {
    this.database = database;
    this.hashes = hashes;
    this.clock = clock;
  }

  /// Sets the listener of erasures.
  ///
  /// @param listener receives each erasure of any gateway, on a thread of this class
  public void onErased(Consumer<Erasure> listener) {
    onErased = listener;
  }

  public void start() {
    noticing.start();
  }

  /// Erases all calls of a tenant with this id. Idempotent: calls that were erased before keep
  /// their proofs. The stage completes on the event loop with the proofs of all of them, newest
  /// first; empty if the tenant has and had no such call.
  ///
  /// @param inLog the call in the log, so that no gateway archives it later, and the usage has it
  public CompletionStage<List<Erasure>> erase(
      CallId call, String tenant, Optional<CallRecord> inLog, String erasedBy) {
    return database.request(connection -> {
      if (inLog.isPresent()) {
        keepUsage(connection, inLog.get());
      }
      String stored = StorableText.of(tenant);
      for (Row row : rows(connection, call, stored)) {
        if (!row.content.equals("erased")) {
          clear(connection, row.ref);
          prove(connection, row, call, stored, erasedBy);
        }
      }
      return proofs(connection, call, stored);
    });
  }

  /// Locks the call's row, and stores its ledger if the call is not archived yet.
  private static void keepUsage(Connection connection, CallRecord call) throws SQLException {
    CallRow.Locked row = CallRow.lock(connection, call);
    if (row.line().isEmpty()) {
      CallRow.updateErased(connection, row.ref(), call);
    }
  }

  private record Row(long ref, Instant startedAt, String content) {}

  private static List<Row> rows(Connection connection, CallId call, String tenant)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(CALLS)) {
      select.setString(1, call.value());
      select.setString(2, tenant);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(
              new Row(
                  found.getLong(1),
                  found.getObject(2, OffsetDateTime.class).toInstant(),
                  found.getString(3)));
        }
      }
    }
    return rows;
  }

  private static void clear(Connection connection, long ref) throws SQLException {
    for (String sql :
        List.of(
            "delete from archived_page where call_ref = ?",
            "delete from archived_line where call_ref = ?",
            CLEAR)) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setLong(1, ref);
        statement.executeUpdate();
      }
    }
  }

  private void prove(Connection connection, Row row, CallId call, String tenant, String erasedBy)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into erasure (erased_at, erased_by, call_id, tenant, started_at) values (?, ?,"
                + " ?, ?, ?)")) {
      insert.setObject(1, StorableTime.of(clock.instant()));
      insert.setString(2, StorableText.of(erasedBy));
      insert.setString(3, call.value());
      insert.setString(4, tenant);
      insert.setObject(5, StorableTime.of(row.startedAt));
      insert.executeUpdate();
    }
  }

  private static List<Erasure> proofs(Connection connection, CallId call, String tenant)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select "
                + COLUMNS
                + " from erasure where call_id = ? and tenant = ? order by id desc")) {
      select.setString(1, call.value());
      select.setString(2, tenant);
      return read(select);
    }
  }

  private static List<Erasure> read(PreparedStatement select) throws SQLException {
    List<Erasure> erasures = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        erasures.add(
            new Erasure(
                rows.getLong(1),
                rows.getObject(2, OffsetDateTime.class).toInstant(),
                rows.getString(3),
                new CallId(rows.getString(4)),
                rows.getString(5),
                rows.getObject(6, OffsetDateTime.class).toInstant()));
      }
    }
    return erasures;
  }

  /// A tenant's archived calls from or to a number, which is found by its hash. The stage completes
  /// on the event loop.
  public CompletionStage<OfNumber> callsWith(PhoneNumber number, String tenant) {
    return database.request(connection -> {
      List<String> possible = hashes.possible(connection, number, tenant);
      Set<CallId> calls = new LinkedHashSet<>();
      for (String hash : possible) {
        calls.addAll(callsWith(connection, hash, tenant));
      }
      return new OfNumber(possible.getFirst(), List.copyOf(calls));
    });
  }

  private static List<CallId> callsWith(Connection connection, String hash, String tenant)
      throws SQLException {
    List<CallId> calls = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(WITH_NUMBER)) {
      select.setString(1, hash);
      select.setString(2, hash);
      select.setString(3, StorableText.of(tenant));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          calls.add(new CallId(rows.getString(1)));
        }
      }
    }
    return calls;
  }

  /// Reads the new rows. Rows from before the start concern no stream of this gateway. A row may
  /// become visible after one with a higher number, so the rows of the last minute are read again.
  private void notice() {
    Instant since = clock.instant().minus(Duration.ofMinutes(1));
    List<Erasure> recent =
        database.transact(connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select "
                      + COLUMNS
                      + " from erasure where erased_at >= ? order by id desc limit "
                      + MAX_READ)) {
            select.setObject(1, StorableTime.of(since));
            return read(select);
          }
        });
    recent.forEach(onErased);
  }

  @Override
  public void close() {
    noticing.close();
  }
}
