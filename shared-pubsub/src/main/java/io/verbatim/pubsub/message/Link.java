package io.verbatim.pubsub.message;

/// How a transcript entry is linked to the one before it.
///
/// An id says where an entry lies, not in which history: after a wipe or a failover that lost the
/// last second, the same id can name another entry. The line is derived from the line before, the
/// entry's id and its data, and a call begins with a random one. So two entries with the same line
/// have the same entries before them.
///
/// @param after the line of the entry before; of the first entry, a random value
/// @param line this entry's line, 12 hexadecimal digits
public record Link(String after, String line) {
  /// Of an entry whose writer does not know lines.
  public static final Link NONE = new Link("", "");

  /// Whether the entry follows the one with this line; also where one of the two has no line.
  public boolean follows(String before) {
    return line.isEmpty() || before.isEmpty() || after.equals(before);
  }
}
