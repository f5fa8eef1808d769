package io.verbatim.pubsub.redis;

/// Where entries go that nobody can read: the stream they came from goes on.
@FunctionalInterface
interface UnreadableEntries {
  void report(String source, String entry, String reason);
}
