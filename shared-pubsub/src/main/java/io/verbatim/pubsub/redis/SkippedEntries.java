package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.Link;

/// The entries in a row that could not be read and are not passed on. The next entry is linked to
/// the last one that was, so that a skipped entry does not look like a replaced history.
final class SkippedEntries {
  private Link skipped = Link.NONE;

  /// One more.
  void add(Link link) {
    if (!link.line().isEmpty()) {
      skipped = skipped.line().isEmpty() ? link : new Link(skipped.after(), link.line());
    }
  }

  /// The link of the next entry that is passed on.
  Link join(Link link) {
    return !skipped.line().isEmpty() && link.after().equals(skipped.line())
        ? new Link(skipped.after(), link.line())
        : link;
  }

  /// An entry was passed on.
  void clear() {
    skipped = Link.NONE;
  }

  /// The line of the last entry that was passed on, where `line` is that of the last skipped one.
  String visible(String line) {
    return !line.isEmpty() && line.equals(skipped.line()) ? skipped.after() : line;
  }
}
