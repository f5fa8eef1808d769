package io.verbatim.record.search;

import io.verbatim.record.archive.CallRow;
import io.verbatim.record.archive.TenantWord;
import io.verbatim.record.archive.TextSearchConfig;
import io.verbatim.record.database.StorableText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One search with Postgres' index, in one transaction.
///
/// The newest calls are read first, because a common word fills a window there. If they have some
/// matches, but too few, more of the newest calls are read. Else the index finds all matches: if
/// they are few, they are read and sorted, and if they are many, all calls are read from the newest
/// on. Postgres cannot choose between these ways, because it does not know how often a word occurs
/// in the calls of one tenant.
final class IndexedSearch {

  /// Matching lines that are read and sorted.
  private static final int FEW = 5_000;

  /// Calls in which a common word is expected.
  private static final int RECENT_CALLS = 500;

  /// Matches in the newest calls from which on more of them are read.
  private static final int MIN_RECENT_MATCHES = 25;

  /// Calls in which a word with so many recent matches is expected to fill a window.
  private static final int MORE_CALLS = RECENT_CALLS * CallSearch.WINDOW / MIN_RECENT_MATCHES;

  private static final char MATCH_BEGIN = '\u0001';
  private static final char MATCH_END = '\u0002';
  private static final String LANGUAGES =
      "with recursive l(language) as ((select language from archived_call where language is not"
          + " null order by language limit 1) union all select (select language from archived_call"
          + " where language > l.language order by language limit 1) from l where l.language is not"
          + " null) select language from l where language is not null";

  private final Connection connection;
  private final SearchQuery query;
  private final List<String> configs;
  private final String text;
  private int windowSize;
  private int matchesRead;

  /// @param words the words and phrases of the query
  IndexedSearch(Connection connection, SearchQuery query, String words) throws SQLException {
    this.connection = connection;
    this.query = query;
    this.configs = configs(connection);
    this.text = StorableText.of(words);
  }

  /// The configurations of the stored calls' languages.
  private static List<String> configs(Connection connection) throws SQLException {
    List<String> found = new ArrayList<>(List.of(TextSearchConfig.SIMPLE));
    try (PreparedStatement statement = connection.prepareStatement(LANGUAGES);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(TextSearchConfig.of(rows.getString(1)));
      }
    }
    return found.stream().distinct().toList();
  }

  SearchPage page() throws SQLException {
    allow("off", "off");
    SearchPage recent = page(values -> newestMatches(RECENT_CALLS, values));
    if (windowSize >= MIN_RECENT_MATCHES && windowSize < CallSearch.WINDOW) {
      recent = page(values -> newestMatches(MORE_CALLS, values));
    }
    if (windowSize == CallSearch.WINDOW) {
      return recent;
    }
    allow("off", "on");
    SearchPage few = page(this::fewMatches);
    if (few.hits().isEmpty() ? areFew() : matchesRead <= FEW) {
      return few;
    }
    allow("on", "on");
    return page(this::manyMatches);
  }

  /// @param matching appends its values and returns the query of one window of matches
  private SearchPage page(Function<List<Object>, String> matching) throws SQLException {
    List<Object> values = new ArrayList<>();
    configs.forEach(_ -> values.add(text));
    String window = matching.apply(values);
    String sql =
        "select *, ts_headline(config, text, "
            + tsquery()
            + ", 'HighlightAll=true, StartSel="
            + MATCH_BEGIN
            + ", StopSel="
            + MATCH_END
            + "') as marked from (select *, count(*) over () as window_size, last_value(id) over w"
            + " as last_id, last_value(seq) over w as last_seq, last_value(started_at) over w as"
            + " last_started, first_value(id) over w as first_id, first_value(seq) over w as"
            + " first_seq, first_value(started_at) over w as first_started from ("
            + window
            + ") matching window w as (order by started_at desc, id desc, seq desc rows between"
            + " unbounded preceding and unbounded following) order by rank desc, started_at desc,"
            + " id desc, seq desc offset ? limit ?) page";
    values.add(query.cursor().offset());
    values.add(query.limit());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      CallSearch.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        return read(rows);
      }
    }
  }

  /// The query in the configuration of the line.
  private String tsquery() {
    return configs.stream()
        .map(config ->
            "when '%s'::regconfig then websearch_to_tsquery('%s', ?)".formatted(config, config))
        .collect(Collectors.joining(" ", "case config ", " end"));
  }

  /// The condition on lines. A query without a word to find matches none, also together with the
  /// tenant.
  private String matches(List<Object> values) {
    String tenant = query.tenant();
    String and = tenant == null ? "" : " && cast(? as tsquery)";
    for (String _ : configs) {
      values.add(text);
      values.add(text);
      if (tenant != null) {
        values.add(TenantWord.of(tenant));
      }
    }
    return configs.stream()
        .map(config ->
            "config = '%1$s'::regconfig and numnode(websearch_to_tsquery('%1$s', ?)) > 0 and search @@ (websearch_to_tsquery('%1$s', ?)%2$s)"
                .formatted(config, and))
        .collect(Collectors.joining(" or ", "(", ")"));
  }

  /// Counts the matches of a page without hits. If all matches are of other times or speakers, not
  /// all of them may have been read.
  private boolean areFew() throws SQLException {
    if (query.from() == null
        && query.to() == null
        && query.speaker() == 0
        && query.cursor().equals(SearchCursor.START)) {
      return true;
    }
    List<Object> values = new ArrayList<>();
    String sql =
        "select count(*) from (select 1 from archived_line where "
            + matches(values)
            + " limit "
            + (FEW + 1)
            + ") matching";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      CallSearch.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1) <= FEW;
      }
    }
  }

  /// Sets for this transaction whether Postgres may read all lines, and whether it may use the
  /// index of the words. It expects to find the limited number of matches soon, and chooses a way
  /// that is slow if there are few.
  private void allow(String sequentialScan, String bitmapScan) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local enable_seqscan = " + sequentialScan);
      statement.execute("set local enable_bitmapscan = " + bitmapScan);
    }
  }

  private String newestMatches(int calls, List<Object> values) {
    StringBuilder sql = new StringBuilder();
    select(sql, values);
    sql.append(", 0 as matches_read from (select * from archived_call");
    CallSearch.conditionsOnCalls(query, sql, values);
    sql.append(" order by started_at desc, id desc limit ")
        .append(calls)
        .append(") recent join archived_line on call_ref = id");
    CallSearch.conditions(query, sql, values);
    sql.append(" and ").append(matches(values));
    return newest(sql);
  }

  private String fewMatches(List<Object> values) {
    StringBuilder sql = new StringBuilder("with few as materialized (select * from archived_line");
    sql.append(" where ").append(matches(values)).append(" limit ").append(FEW + 1).append(") ");
    select(sql, values);
    sql.append(", (select count(*) from few) as matches_read");
    sql.append(" from few join archived_call on call_ref = id");
    CallSearch.conditions(query, sql, values);
    return newest(sql);
  }

  private String manyMatches(List<Object> values) {
    StringBuilder sql = new StringBuilder();
    select(sql, values);
    sql.append(", 0 as matches_read from archived_call join archived_line on call_ref = id");
    CallSearch.conditions(query, sql, values);
    sql.append(" and ").append(matches(values));
    return newest(sql);
  }

  private void select(StringBuilder sql, List<Object> values) {
    sql.append("select ")
        .append(CallRow.COLUMNS)
        .append(", ")
        .append(CallSearch.LINE)
        .append(", config, ts_rank(search, ")
        .append(tsquery())
        .append(") as rank");
    configs.forEach(_ -> values.add(text));
  }

  private static String newest(StringBuilder sql) {
    return sql.append(" order by started_at desc, id desc, seq desc limit ")
        .append(CallSearch.WINDOW)
        .toString();
  }

  private SearchPage read(ResultSet rows) throws SQLException {
    List<SearchHit> hits = new ArrayList<>();
    Optional<SearchCursor> next = Optional.empty();
    windowSize = 0;
    while (rows.next()) {
      hits.add(marked(rows));
      int returned = query.cursor().offset() + hits.size();
      int size = rows.getInt("window_size");
      windowSize = size;
      matchesRead = rows.getInt("matches_read");
      if (returned < size) {
        next = Optional.of(windowOf(rows).withOffset(returned));
      } else {
        next =
            size < CallSearch.WINDOW
                ? Optional.empty()
                : Optional.of(
                    new SearchCursor(
                        micros(rows, "last_started"),
                        rows.getLong("last_id"),
                        rows.getLong("last_seq"),
                        0));
      }
    }
    return new SearchPage(hits, next);
  }

  /// The window that begins with the newest hit of this page's window, so that newer calls do not
  /// move the hits of the next page.
  private SearchCursor windowOf(ResultSet row) throws SQLException {
    return query.cursor().offset() > 0
        ? query.cursor()
        : new SearchCursor(
            micros(row, "first_started"), row.getLong("first_id"), row.getLong("first_seq") + 1, 0);
  }

  private static long micros(ResultSet row, String column) throws SQLException {
    return ChronoUnit.MICROS.between(
        Instant.EPOCH, row.getObject(column, OffsetDateTime.class).toInstant());
  }

  /// Turns the marks of the database into positions. A mark in the text itself would shift them, so
  /// such a text has none.
  private static SearchHit marked(ResultSet row) throws SQLException {
    String text = row.getString("text");
    List<SearchHit.Match> matches = new ArrayList<>();
    if (text.indexOf(MATCH_BEGIN) < 0 && text.indexOf(MATCH_END) < 0) {
      String marked = row.getString("marked");
      int position = 0;
      int begin = 0;
      for (int i = 0; i < marked.length(); i++) {
        switch (marked.charAt(i)) {
          case MATCH_BEGIN -> begin = position;
          case MATCH_END -> matches.add(new SearchHit.Match(begin, position));
          default -> position++;
        }
      }
    }
    return CallSearch.hit(row, text, matches);
  }
}
