package io.verbatim.record.search;

import io.verbatim.record.archive.CallRow;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.Dialect;
import io.verbatim.record.database.StorableText;
import io.verbatim.record.database.StorableTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Searches the finals of archived calls. Thread-safe.
public final class CallSearch {

  /// Matches that are ranked together.
  public static final int WINDOW = 500;

  /// Lines that H2 reads for one page.
  private static final int MAX_SCANNED = 200_000;

  /// The columns of a line.
  static final String LINE = "seq, start_ms, end_ms, speaker, text";

  private final Database database;

  public CallSearch(Database database) {
    this.database = database;
  }

  /// The hits at a position; none if the query only excludes words. The stage completes on the
  /// event loop.
  public CompletionStage<SearchPage> search(SearchQuery query) {
    SearchWords words = SearchWords.parse(query.text());
    if (words.alternatives().isEmpty()) {
      return CompletableFuture.completedStage(new SearchPage(List.of(), Optional.empty()));
    }
    return database.request(connection ->
        database.dialect() == Dialect.POSTGRES
            ? new IndexedSearch(connection, query, words.query()).page()
            : scan(connection, query, words));
  }

  /// Appends the conditions on calls and their lines, which both databases share.
  static void conditions(SearchQuery query, StringBuilder sql, List<Object> values) {
    conditionsOnCalls(query, sql, values);
    if (query.speaker() > 0) {
      sql.append(" and speaker = ?");
      values.add(query.speaker());
    }
    SearchCursor cursor = query.cursor();
    if (!isStart(cursor)) {
      sql.append(" and ((started_at, id) < (?, ?) or seq < ?)");
      values.add(StorableTime.of(cursor.started()));
      values.add(cursor.ref());
      values.add(cursor.seq());
    }
  }

  /// Appends the conditions on calls alone.
  static void conditionsOnCalls(SearchQuery query, StringBuilder sql, List<Object> values) {
    sql.append(" where content = 'stored'");
    if (query.tenant() != null) {
      sql.append(" and tenant = ?");
      values.add(StorableText.of(query.tenant()));
    }
    Instant from = query.from();
    if (from != null) {
      sql.append(" and started_at >= ?");
      values.add(StorableTime.of(from));
    }
    Instant to = query.to();
    if (to != null) {
      sql.append(" and started_at < ?");
      values.add(StorableTime.of(to));
    }
    SearchCursor cursor = query.cursor();
    if (!isStart(cursor)) {
      sql.append(" and (started_at, id) <= (?, ?)");
      values.add(StorableTime.of(cursor.started()));
      values.add(cursor.ref());
    }
  }

  private static boolean isStart(SearchCursor cursor) {
    return cursor.withOffset(0).equals(SearchCursor.START);
  }

  static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
    int parameter = 0;
    for (Object value : values) {
      statement.setObject(++parameter, value);
    }
  }

  static SearchHit hit(ResultSet row, String text, List<SearchHit.Match> matches)
      throws SQLException {
    return new SearchHit(
        CallRow.read(row).record(),
        row.getLong("seq"),
        row.getLong("start_ms"),
        row.getLong("end_ms"),
        row.getInt("speaker"),
        text,
        matches);
  }

  private static SearchCursor before(ResultSet row) throws SQLException {
    Instant started = CallRow.read(row).record().start().started();
    return new SearchCursor(
        ChronoUnit.MICROS.between(Instant.EPOCH, started),
        row.getLong("id"),
        row.getLong("seq"),
        0);
  }

  /// The condition that a line has all wanted words of an alternative.
  private static String wanted(SearchWords words, List<Object> values) {
    List<String> alternatives = new ArrayList<>();
    for (SearchWords.Alternative alternative : words.alternatives()) {
      alternative.wanted().forEach(word -> values.add(StorableText.of(word)));
      alternatives.add(
          String.join(
              " and ",
              Collections.nCopies(alternative.wanted().size(), "position(? in lower(text)) > 0")));
    }
    return String.join(" or ", alternatives);
  }

  /// Reads lines one after another, newest first.
  private static SearchPage scan(Connection connection, SearchQuery query, SearchWords words)
      throws SQLException {
    StringBuilder sql =
        new StringBuilder(
            "select "
                + CallRow.COLUMNS
                + ", "
                + LINE
                + " from archived_call join archived_line on call_ref = id");
    List<Object> values = new ArrayList<>();
    conditions(query, sql, values);
    sql.append(" and (").append(wanted(words, values)).append(")");
    sql.append(" order by started_at desc, id desc, seq desc limit ").append(MAX_SCANNED);
    List<SearchHit> hits = new ArrayList<>();
    Optional<SearchCursor> last = Optional.empty();
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      bind(statement, values);
      statement.setFetchSize(query.limit());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String text = rows.getString("text");
          List<SearchHit.Match> matches = words.find(text);
          if (matches.isEmpty()) {
            continue;
          }
          if (hits.size() == query.limit()) {
            return new SearchPage(hits, last);
          }
          hits.add(hit(rows, text, matches));
          last = Optional.of(before(rows));
        }
      }
    }
    return new SearchPage(hits, Optional.empty());
  }
}
