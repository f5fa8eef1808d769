package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.Position;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Ids of log entries, `<position>-<n>`, and the cursors that clients get: an id with the line of
/// its entry behind a dot.
public final class EntryIds {

  private static final String NUMBER = "(?:0|[1-9][0-9]{0,17})";
  private static final Pattern CURSOR =
      Pattern.compile("(" + NUMBER + "-" + NUMBER + ")(\\.[0-9a-f]{12})?");

  private EntryIds() {}

  /// Whether a text from outside can be an entry's id at all.
  public static boolean isValid(String text) {
    return inCursor(text).filter(text::equals).isPresent();
  }

  /// The id in a cursor from outside; empty where it is none.
  public static Optional<String> inCursor(String cursor) {
    Matcher matcher = CURSOR.matcher(cursor);
    return matcher.matches() && !matcher.group(1).equals("0-0")
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }

  /// The place that a cursor from outside names; empty where it is none.
  static Optional<Position> position(String cursor) {
    return inCursor(cursor)
        .map(id -> new Position(id, cursor.substring(Math.min(cursor.length(), id.length() + 1))));
  }
}
