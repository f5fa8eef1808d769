package io.verbatim.pubsub.message;

/// The link from a transcript entry to the previous one.
///
/// An id is a position, not a history: after a wipe, or a failover that lost the last second, the
/// same id can name another entry. The line is derived from the previous line, the entry's id and
/// its data, and a call starts with a random line. Two entries with the same line therefore have
/// the same entries before them.
///
/// @param after the line of the previous entry; a random value for the first entry
/// @param line this entry's line, 12 hexadecimal digits
public record Link(String after, String line) {
  /// The link of an entry from a writer without lines.
  public static final Link NONE = new Link("", "");

  /// Whether the entry follows the one with this line. Also true if one of the two has no line.
  public boolean follows(String before) {
    return line.isEmpty() || before.isEmpty() || after.equals(before);
  }
}
