package io.verbatim.record.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.DatabaseUrl;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The memory of the audit log, and what it records.
class AuditLogTest {

  private static final Instant NINE = Instant.parse("2026-01-31T09:00:00Z");

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));
  @TempDir private Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    loop.close();
  }

  private static AuditEntry entry(AuditAction action, Instant at, String object) {
    return new AuditEntry(at, "acme", "token:anna", action, object, AuditOutcome.OK, "203.0.113.7");
  }

  @Test
  void entriesWithoutDatabase_waitUpToTheLimitAndAreCounted() {
    try (Database away = Database.open(DatabaseUrl.parse("postgres://127.0.0.1:1/none"), loop);
        AuditLog log = new AuditLog(away, registry)) {
      log.start();
      long began = System.nanoTime();
      for (int entry = 0; entry < AuditLog.MAX_WAITING + 7; entry++) {
        log.add(entry(AuditAction.ERASE, NINE, "call:" + entry));
      }

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
      assertThat(registry.get("verbatim.gateway.audit.dropped").counter().count()).isEqualTo(7);
      assertThat(registry.get("verbatim.gateway.audit.waiting").gauge().value())
          .isEqualTo(AuditLog.MAX_WAITING);
    }
  }

  @Test
  void closedLog_hasWrittenWhatWaited() {
    try (Database database =
        Database.open(DatabaseUrl.parse("jdbc:h2:file:" + directory.resolve("record")), loop)) {
      await().atMost(30, TimeUnit.SECONDS).until(database::isConnected);
      try (AuditLog log = new AuditLog(database, registry)) {
        log.add(entry(AuditAction.ERASE, NINE, "call:a"));
        log.add(entry(AuditAction.ERASE, NINE, "call:\0\uD800" + "x".repeat(500)));
      }

      assertThat(count(database)).isEqualTo(2);
      assertThat(registry.get("verbatim.gateway.audit.dropped").counter().count()).isZero();
    }
  }

  @Test
  void repeatedRead_isRecordedOnceAnHour_andEveryChange() {
    try (Database database =
        Database.open(DatabaseUrl.parse("jdbc:h2:file:" + directory.resolve("record")), loop)) {
      await().atMost(30, TimeUnit.SECONDS).until(database::isConnected);
      try (AuditLog log = new AuditLog(database, registry)) {
        for (int time = 0; time < 1_000; time++) {
          log.add(entry(AuditAction.READ, NINE.plusSeconds(time), "call:a"));
        }
        log.add(entry(AuditAction.READ, NINE.plusSeconds(3_600), "call:a"));
        log.add(entry(AuditAction.READ, NINE.plusSeconds(3_600), "call:b"));
        for (int time = 0; time < 3; time++) {
          log.add(entry(AuditAction.REVOKE_KEY, NINE, "key:k"));
        }
      }

      assertThat(count(database)).isEqualTo(6);
    }
  }

  @Test
  void oldEntries_expireInBatches() {
    try (Database database =
        Database.open(DatabaseUrl.parse("jdbc:h2:file:" + directory.resolve("record")), loop)) {
      await().atMost(30, TimeUnit.SECONDS).until(database::isConnected);
      AuditLog log = new AuditLog(database, registry);
      for (int entry = 0; entry < 12; entry++) {
        log.add(entry(AuditAction.ERASE, NINE.plusSeconds(entry), "call:a"));
      }
      log.close();

      assertThat(log.expire(NINE.plusSeconds(10), 7)).isEqualTo(7);
      assertThat(log.expire(NINE.plusSeconds(10), 7)).isEqualTo(3);
      assertThat(log.expire(NINE.plusSeconds(10), 7)).isZero();
      assertThat(count(database)).isEqualTo(2);
    }
  }

  private static long count(Database database) {
    return database.transact(connection -> {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("select count(*) from audit_entry")) {
        rows.next();
        return rows.getLong(1);
      }
    });
  }
}
