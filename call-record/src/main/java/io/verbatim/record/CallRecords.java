package io.verbatim.record;

import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.record.archive.Archive;
import io.verbatim.record.archive.ArchiveMetrics;
import io.verbatim.record.archive.Archiver;
import io.verbatim.record.archive.Retention;
import io.verbatim.record.audit.AuditLog;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.DatabaseUrl;
import io.verbatim.record.erasure.Erasures;
import io.verbatim.record.keys.ApiKeys;
import io.verbatim.record.numbers.NumberHashes;
import io.verbatim.record.numbers.NumberMigration;
import io.verbatim.record.search.CallSearch;
import io.verbatim.record.usage.Usage;
import io.verbatim.record.usage.UsageCounter;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The record of one gateway, or nothing if no database is configured. Thread-safe.
public final class CallRecords implements AutoCloseable {

  /// The operator's settings.
  ///
  /// @param archiveRetention how long transcripts are kept
  /// @param usageRetention how long usage is kept by day; then by month
  /// @param auditRetention how long audit entries are kept
  /// @param numberHashKey of the hashes of phone numbers; unset to use one in the database
  public record Settings(
      DatabaseUrl url,
      Retention archiveRetention,
      Duration usageRetention,
      Duration auditRetention,
      Secret numberHashKey) {}

  /// What the record offers.
  public record Parts(
      Database database,
      Archive archive,
      Usage usage,
      UsageCounter usageCounter,
      ApiKeys keys,
      CallSearch search,
      Erasures erasures,
      AuditLog audit) {}

  /// The work in the background.
  private record Background(Archiver archiver, Housekeeping housekeeping) {}

  private static final Duration COMPARISON = Duration.ofSeconds(30);
  private static final Duration HOUSEKEEPING = Duration.ofMinutes(10);

  private final @Nullable Parts parts;
  private final @Nullable Background background;

  private CallRecords(@Nullable Parts parts, @Nullable Background background) {
    this.parts = parts;
    this.background = background;
  }

  /// The record of a gateway without a database.
  public static CallRecords none() {
    return new CallRecords(null, null);
  }

  /// Opens the database in the background, and starts to archive ended calls.
  public static CallRecords open(
      Settings settings, Bus bus, EventLoop loop, InstantSource clock, MeterRegistry registry) {
    NumberHashes hashes = new NumberHashes(settings.numberHashKey);
    Database database = Database.open(settings.url, loop, new NumberMigration(hashes));
    Parts parts =
        new Parts(
            database,
            new Archive(database, hashes),
            new Usage(database),
            new UsageCounter(database, clock, registry),
            new ApiKeys(database, bus.apiKeys(), clock),
            new CallSearch(database),
            new Erasures(database, hashes, clock),
            new AuditLog(database, registry));
    ArchiveMetrics metrics = new ArchiveMetrics(registry, database);
    Archiver archiver = new Archiver(bus, parts.archive, database, COMPARISON, clock, metrics);
    Housekeeping housekeeping = new Housekeeping(parts, settings, HOUSEKEEPING, clock, metrics);
    archiver.start();
    housekeeping.start();
    parts.keys.start();
    parts.erasures.start();
    parts.audit.start();
    parts.usageCounter.start();
    return new CallRecords(parts, new Background(archiver, housekeeping));
  }

  /// What the record offers; empty without a database.
  public Optional<Parts> parts() {
    return Optional.ofNullable(parts);
  }

  /// Reports that a call has ended. Never blocks.
  public void ended(CallRecord call) {
    if (background != null) {
      background.archiver.ended(call);
    }
  }

  /// Counts a translation in the usage. May be called on any thread; never blocks.
  ///
  /// @param tenant null for none
  public void translated(@Nullable String tenant) {
    if (parts != null) {
      parts.usageCounter.translation(tenant);
    }
  }

  /// What an operator should know, for `/health`. Reads local state only.
  public List<String> problems() {
    return parts == null ? List.of() : parts.database.problem().stream().toList();
  }

  @Override
  public void close() {
    if (background != null) {
      background.housekeeping.close();
      background.archiver.close();
    }
    if (parts != null) {
      parts.keys.close();
      parts.erasures.close();
      parts.audit.close();
      parts.usageCounter.close();
      parts.database.close();
    }
  }
}
