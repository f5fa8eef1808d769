package io.verbatim.record.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.record.database.BufferedWrites;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.StorableText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts finished work other than calls, once, in its tenant's day (UTC). Thread-safe; never
/// blocks. What is counted is written within a second, or when the database answers again.
public final class UsageCounter implements AutoCloseable {

  /// The tenant of work for viewers of all tenants.
  public static final String NO_TENANT = "none";

  private static final int MAX_WAITING = 10_000;
  private static final String TRANSLATION = "translation";
  private static final String INSERT =
      "insert into usage_count (id, counted_day, tenant, kind, batch_jobs, translations) values (?,"
          + " ?, ?, ?, ?, ?) on conflict do nothing";

  /// What is summed up.
  private record Group(LocalDate day, String tenant, String kind) {}

  private record Counted(Group group, long batchJobs, long translations) {
    Counted plus(Counted other) {
      return new Counted(group, batchJobs + other.batchJobs, translations + other.translations);
    }
  }

  private final BufferedWrites<Counted> writes;
  private final InstantSource clock;

  public UsageCounter(Database database, InstantSource clock, MeterRegistry registry) {
    Counter dropped =
        Counter.builder("verbatim.gateway.usage.dropped")
            .description(
                "Recordings and translations that were not counted, because 10,000 waited for the"
                    + " database")
            .register(registry);
    this.clock = clock;
    this.writes =
        new BufferedWrites<>(
            "usage", database, MAX_WAITING, UsageCounter::insert, dropped::increment);
  }

  public void start() {
    writes.start();
  }

  /// Counts a recording that was transcribed.
  ///
  /// @param tenant null for none
  /// @param provider who transcribed it, at most 16 characters; the kind of the usage
  public void recording(@Nullable String tenant, String provider) {
    writes.add(new Counted(group(tenant, provider), 1, 0));
  }

  /// Counts the translation of a text, or of a line of a live call.
  ///
  /// @param tenant null for none
  public void translation(@Nullable String tenant) {
    writes.add(new Counted(group(tenant, TRANSLATION), 0, 1));
  }

  private Group group(@Nullable String tenant, String kind) {
    return new Group(
        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
        tenant == null ? NO_TENANT : StorableText.of(tenant),
        kind);
  }

  /// Writes one row for each tenant and kind. A batch that is repeated has the same rows.
  private static void insert(Connection connection, String batch, List<Counted> all)
      throws SQLException {
    Map<Group, Counted> sums = new LinkedHashMap<>();
    all.forEach(counted -> sums.merge(counted.group, counted, Counted::plus));
    int number = 0;
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (Counted sum : sums.values()) {
        insert.setString(1, batch + "-" + number++);
        insert.setObject(2, sum.group.day);
        insert.setString(3, sum.group.tenant);
        insert.setString(4, sum.group.kind);
        insert.setLong(5, sum.batchJobs);
        insert.setLong(6, sum.translations);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /// Writes what waits, if the database answers.
  @Override
  public void close() {
    writes.close();
  }
}
