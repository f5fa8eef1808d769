package io.verbatim.record.usage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Adds a bounded number of calls to the usage by month, in one transaction.
final class RollUpStep {

  private static final String LOCK =
      "select id from archived_call where started_day < ? and line <> '' and not rolled_up"
          + " order by started_day, id limit ? for update";
  private static final String SUMS =
      "select cast(date_trunc('month', started_day) as date), tenant, source, count(*),"
          + " sum(received_ms), sum(transcribed_ms), sum(gap_ms), sum(sent_ms),"
          + " sum(greatest(sent_ms - transcribed_ms, 0)), sum(finals), sum(words)"
          + " from archived_call where id in (%s) group by 1, 2, 3 order by 1, 2, 3";
  private static final String ADD =
      "update usage_month set calls = calls + ?, received_ms = received_ms + ?, transcribed_ms ="
          + " transcribed_ms + ?, gap_ms = gap_ms + ?, sent_ms = sent_ms + ?, replayed_ms ="
          + " replayed_ms + ?, finals = finals + ?, words = words + ? where month_start = ? and"
          + " tenant = ? and kind = ?";
  private static final String INSERT =
      "insert into usage_month (calls, received_ms, transcribed_ms, gap_ms, sent_ms, replayed_ms,"
          + " finals, words, month_start, tenant, kind) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String MARK = "update archived_call set rolled_up = true where id in (%s)";
  private static final String DELETE =
      "delete from archived_call where id in (select id from archived_call where started_day < ?"
          + " and rolled_up and content <> 'stored' limit ?)";

  private static final int NUMBERS = 8;

  private final Connection connection;

  RollUpStep(Connection connection) {
    this.connection = connection;
  }

  int run(LocalDate before, int limit) throws SQLException {
    List<Long> calls = lock(before, limit);
    if (!calls.isEmpty()) {
      addToMonths(calls);
      execute(MARK, calls);
    }
    try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
      delete.setObject(1, before);
      delete.setInt(2, limit);
      return calls.size() + delete.executeUpdate();
    }
  }

  private List<Long> lock(LocalDate before, int limit) throws SQLException {
    List<Long> calls = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(LOCK)) {
      select.setObject(1, before);
      select.setInt(2, limit);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          calls.add(rows.getLong(1));
        }
      }
    }
    return calls;
  }

  private void addToMonths(List<Long> calls) throws SQLException {
    try (PreparedStatement sums = prepare(SUMS, calls);
        ResultSet months = sums.executeQuery()) {
      while (months.next()) {
        if (write(ADD, months) == 0) {
          write(INSERT, months);
        }
      }
    }
  }

  private int write(String sql, ResultSet month) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int number = 1; number <= NUMBERS; number++) {
        statement.setLong(number, month.getLong(3 + number));
      }
      statement.setObject(NUMBERS + 1, month.getObject(1, LocalDate.class));
      statement.setString(NUMBERS + 2, month.getString(2));
      statement.setString(NUMBERS + 3, month.getString(3));
      return statement.executeUpdate();
    }
  }

  private void execute(String sql, List<Long> calls) throws SQLException {
    try (PreparedStatement statement = prepare(sql, calls)) {
      statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, List<Long> calls) throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(
            sql.formatted(String.join(",", Collections.nCopies(calls.size(), "?"))));
    int parameter = 0;
    for (long call : calls) {
      statement.setLong(++parameter, call);
    }
    return statement;
  }
}
