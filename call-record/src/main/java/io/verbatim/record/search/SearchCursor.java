package io.verbatim.record.search;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A position in the hits: a window, and the number of its hits that were returned.
///
/// @param startedAt the start of the call before whose hits the window begins, in microseconds
/// @param ref the key of this call
/// @param seq the final of this call before which the window begins
public record SearchCursor(long startedAt, long ref, long seq, int offset) {

  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,18})-([0-9]{1,18})-([0-9]{1,18})-([0-9]{1,3})");

  /// Before the newest hit: in the year 9999.
  public static final SearchCursor START =
      new SearchCursor(253_370_764_800_000_000L, Long.MAX_VALUE, Long.MAX_VALUE, 0);

  /// Empty if the text is no cursor.
  public static Optional<SearchCursor> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    SearchCursor cursor =
        new SearchCursor(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            Integer.parseInt(matcher.group(4)));
    return cursor.startedAt <= START.startedAt ? Optional.of(cursor) : Optional.empty();
  }

  Instant started() {
    return Instant.EPOCH.plus(startedAt, java.time.temporal.ChronoUnit.MICROS);
  }

  SearchCursor withOffset(int newOffset) {
    return new SearchCursor(startedAt, ref, seq, newOffset);
  }

  /// The text that [#parse] reads. The start has none.
  @Override
  public String toString() {
    return Math.min(startedAt, START.startedAt)
        + "-"
        + Math.min(ref, 999_999_999_999_999_999L)
        + "-"
        + Math.min(seq, 999_999_999_999_999_999L)
        + "-"
        + offset;
  }
}
