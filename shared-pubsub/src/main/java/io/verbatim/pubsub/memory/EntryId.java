package io.verbatim.pubsub.memory;

import java.util.Comparator;

/// A place in a transcript: a position in the call's audio, and a count of the entries there.
record EntryId(long position, long count) implements Comparable<EntryId> {
  private static final Comparator<EntryId> ORDER =
      Comparator.comparingLong(EntryId::position).thenComparingLong(EntryId::count);

  /// Below every entry.
  static final EntryId START = new EntryId(0, 0);

  /// Reads `<position>-<count>`.
  static EntryId parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 1) {
      throw new IllegalArgumentException("an entry id is <position>-<count>");
    }
    return new EntryId(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }

  /// The id of an entry that ends at this position, written behind this one.
  EntryId next(long end) {
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
