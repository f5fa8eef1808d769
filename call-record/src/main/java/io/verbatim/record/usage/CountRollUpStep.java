package io.verbatim.record.usage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Moves a bounded number of counts to the usage by month, in one transaction.
final class CountRollUpStep {

  private static final String LOCK =
      "select id from usage_count where counted_day < ? order by counted_day, id limit ? for"
          + " update";
  private static final String SUMS =
      "select sum(batch_jobs), sum(translations), cast(date_trunc('month', counted_day) as date),"
          + " tenant, kind from usage_count where id in (%s) group by 3, 4, 5 order by 3, 4, 5";
  private static final String ADD =
      "update usage_month set batch_jobs = batch_jobs + ?, translations = translations + ? where"
          + " month_start = ? and tenant = ? and kind = ?";
  private static final String INSERT =
      "insert into usage_month (batch_jobs, translations, month_start, tenant, kind, calls,"
          + " received_ms, transcribed_ms, gap_ms, sent_ms, replayed_ms, finals, words) values (?,"
          + " ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0)";
  private static final String DELETE = "delete from usage_count where id in (%s)";

  private final Connection connection;

  CountRollUpStep(Connection connection) {
    this.connection = connection;
  }

  /// Returns how many counts were moved.
  int run(LocalDate before, int limit) throws SQLException {
    List<String> counts = lock(before, limit);
    if (counts.isEmpty()) {
      return 0;
    }
    try (PreparedStatement sums = prepare(SUMS, counts);
        ResultSet months = sums.executeQuery()) {
      while (months.next()) {
        if (write(ADD, months) == 0) {
          write(INSERT, months);
        }
      }
    }
    try (PreparedStatement delete = prepare(DELETE, counts)) {
      return delete.executeUpdate();
    }
  }

  private List<String> lock(LocalDate before, int limit) throws SQLException {
    List<String> counts = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(LOCK)) {
      select.setObject(1, before);
      select.setInt(2, limit);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          counts.add(rows.getString(1));
        }
      }
    }
    return counts;
  }

  private int write(String sql, ResultSet month) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, month.getLong(1));
      statement.setLong(2, month.getLong(2));
      statement.setObject(3, month.getObject(3, LocalDate.class));
      statement.setString(4, month.getString(4));
      statement.setString(5, month.getString(5));
      return statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, List<String> counts) throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(
            sql.formatted(String.join(",", Collections.nCopies(counts.size(), "?"))));
    int parameter = 0;
    for (String count : counts) {
      statement.setString(++parameter, count);
    }
    return statement;
  }
}
