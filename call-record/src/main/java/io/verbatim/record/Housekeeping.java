package io.verbatim.record;

import io.verbatim.record.archive.Archive;
import io.verbatim.record.archive.ArchiveMetrics;
import io.verbatim.record.archive.Retention;
import io.verbatim.record.database.RepeatedWork;
import io.verbatim.record.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes what has expired and rolls up old usage, at intervals, on one thread of its own. Each
/// step is a small transaction, which other gateways may run at the same time.
final class Housekeeping implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Housekeeping.class);
  private static final int EXPIRY_BATCH = 100;
  private static final int ROLL_UP_BATCH = 500;
  private static final int AUDIT_BATCH = 1_000;
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final CallRecords.Parts parts;
  private final CallRecords.Settings settings;
  private final InstantSource clock;
  private final ArchiveMetrics metrics;
  private final RepeatedWork repeated;

  /// @param interval between two runs
  Housekeeping(
      CallRecords.Parts parts,
      CallRecords.Settings settings,
      Duration interval,
      InstantSource clock,
      ArchiveMetrics metrics) {
    this.parts = parts;
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
    repeated =
        new RepeatedWork(
            "housekeeping",
            new RepeatedWork.Pauses(Duration.ZERO, interval, RETRY),
            "housekeeping.failed",
            this::run);
  }

  void start() {
    repeated.start();
  }

  private void run() {
    expire();
    rollUp();
    expireAudit();
  }

  private void expire() {
    Retention retention = settings.archiveRetention();
    Instant now = clock.instant();
    List<String> single = List.copyOf(retention.ofTenants().keySet());
    expire(null, single, now.minus(retention.general()));
    retention.ofTenants().forEach((tenant, length) -> expire(tenant, List.of(), now.minus(length)));
  }

  private void expire(@Nullable String tenant, List<String> others, Instant before) {
    Archive archive = parts.archive();
    int expired;
    do {
      expired = archive.expire(tenant, others, before, EXPIRY_BATCH);
      metrics.expired(expired);
    } while (expired == EXPIRY_BATCH && !repeated.isClosed());
  }

  private void rollUp() {
    Usage usage = parts.usage();
    LocalDate before =
        LocalDate.ofInstant(clock.instant().minus(settings.usageRetention()), ZoneOffset.UTC);
    while (!repeated.isClosed() && usage.rollUp(before, ROLL_UP_BATCH) > 0) {
      logger.debug("usage.rolled_up");
    }
  }

  private void expireAudit() {
    Instant before = clock.instant().minus(settings.auditRetention());
    int expired;
    do {
      expired = parts.audit().expire(before, AUDIT_BATCH);
    } while (expired == AUDIT_BATCH && !repeated.isClosed());
  }

  @Override
  public void close() {
    repeated.close();
  }
}
