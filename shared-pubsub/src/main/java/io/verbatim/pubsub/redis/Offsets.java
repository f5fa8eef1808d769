package io.verbatim.pubsub.redis;

import io.lettuce.core.XReadArgs.StreamOffset;

/// Builds the varargs array of the client's stream reads, which needs an unchecked cast.
final class Offsets {
  private Offsets() {}

  @SuppressWarnings({"unchecked", "rawtypes"}) // The array holds StreamOffset<String> only.
  static StreamOffset<String>[] of(String key, String afterId) {
    return new StreamOffset[] {StreamOffset.from(key, afterId)};
  }
}
