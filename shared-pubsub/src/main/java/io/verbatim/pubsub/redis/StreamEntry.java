package io.verbatim.pubsub.redis;

import java.util.List;
import java.util.Map;

/// One entry of a stream, as Redis returns it.
record StreamEntry(String id, Map<String, byte[]> body) {

  /// The entries that XRANGE returns.
  static List<StreamEntry> ofRange(Reply reply) {
    return list(reply.values());
  }

  /// The entries that XREAD of one stream returns, below the stream's name.
  static List<StreamEntry> ofRead(Reply reply) {
    List<?> named = reply.values();
    return named.size() == 2 && named.getLast() instanceof List<?> entries
        ? list(entries)
        : List.of();
  }

  /// The entries of a list within a reply.
  static List<StreamEntry> list(List<?> entries) {
    return entries.stream().map(StreamEntry::of).toList();
  }

  private static StreamEntry of(Object entry) {
    List<?> parts = (List<?>) entry;
    return new StreamEntry(
        Reply.asText(parts.getFirst()),
        parts.getLast() instanceof List<?> fields ? Reply.hash(fields) : Map.of());
  }
}
