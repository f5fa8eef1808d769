package io.verbatim.record.archive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.record.database.Database;

/// The meters of the database and the archive. Thread-safe.
public final class ArchiveMetrics {

  private final Counter archived;
  private final Counter failed;
  private final Counter expired;

  public ArchiveMetrics(MeterRegistry registry, Database database) {
    archived =
        Counter.builder("verbatim.gateway.archived.calls")
            .description("Calls whose transcript this gateway wrote to the archive")
            .register(registry);
    failed =
        Counter.builder("verbatim.gateway.archive.failures")
            .description("Attempts to archive a call that the database refused; each is repeated")
            .register(registry);
    expired =
        Counter.builder("verbatim.gateway.archive.expired.calls")
            .description("Archived transcripts that this gateway deleted after ARCHIVE_RETENTION")
            .register(registry);
    Gauge.builder("verbatim.gateway.database.connected", database, d -> d.isConnected() ? 1 : 0)
        .description("1 while the database answers, else 0")
        .register(registry);
    Gauge.builder(
            "verbatim.gateway.database.connections.active", database, Database::activeConnections)
        .description("Database connections in use, of at most 5")
        .register(registry);
  }

  void archived() {
    archived.increment();
  }

  void failed() {
    failed.increment();
  }

  /// Counts transcripts that were deleted after their retention.
  public void expired(int calls) {
    expired.increment(calls);
  }
}
