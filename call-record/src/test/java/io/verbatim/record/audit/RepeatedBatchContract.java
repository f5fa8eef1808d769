package io.verbatim.record.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.record.database.Database;
import io.verbatim.record.database.DatabaseUrl;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Transport;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Audit entries whose commit has an unknown outcome, in a database.
abstract class RepeatedBatchContract {

  private static final AuditEntry ENTRY =
      new AuditEntry(
          Instant.parse("2026-01-31T09:00:00Z"),
          "acme",
          "token:anna",
          AuditAction.REVOKE_KEY,
          "key:k",
          AuditOutcome.OK,
          "203.0.113.7");

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));

  @AfterEach
  void close() {
    loop.close();
  }

  /// The address of an empty database.
  abstract String url();

  @Test
  void repeatedBatch_isWrittenOnce() {
    try (Database database = Database.open(DatabaseUrl.parse(url()), loop)) {
      await().atMost(60, TimeUnit.SECONDS).until(database::isConnected);
      List<AuditEntry> equalEntries = List.of(ENTRY, ENTRY, ENTRY);
      for (String batch : List.of("first", "first", "second")) {
        database.transact(connection -> {
          AuditLog.insert(connection, batch, equalEntries);
          return true;
        });
      }

      assertThat(database.<Long>transact(RepeatedBatchContract::count)).isEqualTo(6);
    }
  }

  private static long count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from audit_entry")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
