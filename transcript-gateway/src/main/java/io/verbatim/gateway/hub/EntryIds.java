package io.verbatim.gateway.hub;

import java.util.regex.Pattern;

/// Ids of transcript entries, `<position>-<n>`.
public final class EntryIds {

  private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
  private static final Pattern SHAPE = Pattern.compile(NUMBER + "-" + NUMBER);

  private EntryIds() {}

  /// Whether a text a watcher sent can be an entry's id at all.
  public static boolean isValid(String text) {
    return SHAPE.matcher(text).matches() && !text.equals("0-0");
  }

  /// The greatest id below this one: reading from there shows whether this one exists.
  ///
  /// @param id an id as the log gave it, above `0-0`
  public static String before(String id) {
    int dash = id.indexOf('-');
    long position = Long.parseUnsignedLong(id.substring(0, dash));
    long number = Long.parseUnsignedLong(id.substring(dash + 1));
    return number == 0
        ? Long.toUnsignedString(position - 1) + "-" + Long.toUnsignedString(-1)
        : Long.toUnsignedString(position) + "-" + Long.toUnsignedString(number - 1);
  }
}
