package io.verbatim.pubsub.message;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The id of a log entry, `<position>-<count>`: the greatest end of an entry so far, as a position
/// in the call's audio, and a number that distinguishes entries with the same position.
public record EntryId(long position, long count) implements Comparable<EntryId> {
  private static final Comparator<EntryId> ORDER =
      Comparator.comparingLong(EntryId::position).thenComparingLong(EntryId::count);

  /// At most 18 digits without leading zeros, so that each id has one form and fits in two longs.
  private static final String NUMBER = "(0|[1-9][0-9]{0,17})";

  private static final Pattern FORM = Pattern.compile(NUMBER + "-" + NUMBER);

  /// The position before the first entry.
  public static final EntryId START = new EntryId(0, 0);

  /// Parses an id from a client; empty if the text has another form.
  public static Optional<EntryId> tryParse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new EntryId(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /// Parses an id of a log.
  public static EntryId parse(String text) {
    return tryParse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "entry id \"" + text + "\" is invalid: must be <position>-<count>"));
  }

  /// The id of the next entry, which ends at the given position. Ids never decrease.
  public EntryId next(long end) {
    return end > position ? new EntryId(end, 0) : new EntryId(position, count + 1);
  }

  @Override
  public int compareTo(EntryId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return position + "-" + count;
  }
}
