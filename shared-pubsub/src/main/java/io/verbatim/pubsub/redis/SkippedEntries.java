package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.Link;

/// A run of unreadable entries that were skipped. The next entry is linked to the last readable
/// one, so that a skipped entry does not look like a replaced history.
final class SkippedEntries {
  private Link skipped = Link.NONE;

  /// Adds a skipped entry.
  void add(Link link) {
    if (!link.line().isEmpty()) {
      skipped = skipped.line().isEmpty() ? link : new Link(skipped.after(), link.line());
    }
  }

  /// The link of the next readable entry.
  Link join(Link link) {
    return !skipped.line().isEmpty() && link.after().equals(skipped.line())
        ? new Link(skipped.after(), link.line())
        : link;
  }

  /// Ends the run after a readable entry.
  void clear() {
    skipped = Link.NONE;
  }

  /// The line of the last readable entry, if `line` is that of the last skipped one; else `line`.
  String visible(String line) {
    return !line.isEmpty() && line.equals(skipped.line()) ? skipped.after() : line;
  }
}
