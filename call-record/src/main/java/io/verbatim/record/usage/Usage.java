package io.verbatim.record.usage;

import io.verbatim.record.database.Database;
import io.verbatim.record.database.StorableText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Reads the usage, and rolls up old days. Thread-safe.
public final class Usage {

  /// The sums of archived calls.
  private static final String SUMS =
      "count(*), sum(received_ms), sum(transcribed_ms), sum(gap_ms), sum(sent_ms),"
          + " sum(greatest(sent_ms - transcribed_ms, 0)), sum(finals), sum(words)";

  private static final String DAYS =
      "select started_day, tenant, source, "
          + SUMS
          + ", 0, 0 from archived_call where line <> '' and not rolled_up and started_day >= ? and"
          + " started_day <= ?%s group by started_day, tenant, source order by 1, 2, 3 limit ?";
  private static final String COUNTS =
      "select counted_day, tenant, kind, 0, 0, 0, 0, 0, 0, 0, 0, sum(batch_jobs), sum(translations)"
          + " from usage_count where counted_day >= ? and counted_day <= ?%s group by counted_day,"
          + " tenant, kind order by 1, 2, 3 limit ?";
  private static final String MONTHS =
      "select month_start, tenant, kind, calls, received_ms, transcribed_ms, gap_ms, sent_ms,"
          + " replayed_ms, finals, words, batch_jobs, translations from usage_month where"
          + " month_start >= ? and month_start <= ?%s order by 1, 2, 3 limit ?";
  private static final String OF_TENANT = " and tenant = ?";

  private final Database database;

  public Usage(Database database) {
    this.database = database;
  }

  /// The usage of calls that began on these days, and of other work that ended on them, inclusive,
  /// in UTC. Months that were rolled up are whole months: those that contain one of the days.
  /// Ordered by period, tenant and kind. The stage completes on the event loop.
  ///
  /// @param tenant the only tenant; null for all
  /// @param limit of the rows of days, and of those of months
  public CompletionStage<List<UsageRow>> between(
      LocalDate from, LocalDate to, @Nullable String tenant, int limit) {
    return database.request(connection -> {
      List<UsageRow> rows = new ArrayList<>();
      LocalDate firstMonth = from.withDayOfMonth(1);
      read(connection, MONTHS, firstMonth, to, tenant, limit, true, rows);
      List<UsageRow> days = new ArrayList<>();
      read(connection, DAYS, from, to, tenant, limit, false, days);
      read(connection, COUNTS, from, to, tenant, limit, false, days);
      days.sort(
          Comparator.comparing(UsageRow::period)
              .thenComparing(UsageRow::tenant)
              .thenComparing(UsageRow::kind));
      rows.addAll(days);
      return List.copyOf(rows);
    });
  }

  private static void read(
      Connection connection,
      String sql,
      LocalDate from,
      LocalDate to,
      @Nullable String tenant,
      int limit,
      boolean months,
      List<UsageRow> into)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(sql.formatted(tenant == null ? "" : OF_TENANT))) {
      int parameter = 0;
      statement.setObject(++parameter, from);
      statement.setObject(++parameter, to);
      if (tenant != null) {
        statement.setString(++parameter, StorableText.of(tenant));
      }
      statement.setInt(++parameter, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          LocalDate start = rows.getObject(1, LocalDate.class);
          into.add(row(months ? YearMonth.from(start).toString() : start.toString(), rows));
        }
      }
    }
  }

  private static UsageRow row(String period, ResultSet row) throws SQLException {
    return new UsageRow(
        period,
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getLong(11),
        row.getLong(12),
        row.getLong(13));
  }

  /// Adds the calls of one old month to the usage by month. Removes the rows of calls whose
  /// transcript is no longer stored. Blocks the calling thread.
  ///
  /// Two gateways may do this at once: the second waits for the first and then finds nothing.
  ///
  /// @param before only months that ended before this day
  /// @param limit of the calls of one transaction
  /// @return how many calls and counts were added or removed; 0 if nothing remains to be done
  public int rollUp(LocalDate before, int limit) {
    LocalDate firstKept = before.withDayOfMonth(1);
    return database.transact(connection ->
        new RollUpStep(connection).run(firstKept, limit)
            + new CountRollUpStep(connection).run(firstKept, limit));
  }
}
