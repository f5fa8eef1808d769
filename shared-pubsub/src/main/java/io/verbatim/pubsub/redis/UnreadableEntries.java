package io.verbatim.pubsub.redis;

/// Receives unreadable entries. Their stream is read on after them.
@FunctionalInterface
interface UnreadableEntries {
  void report(String source, String entry, String reason);
}
