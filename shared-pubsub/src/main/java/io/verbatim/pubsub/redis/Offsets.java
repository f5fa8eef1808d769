package io.verbatim.pubsub.redis;

import io.lettuce.core.XReadArgs.StreamOffset;

/// The varargs of the client's stream reads, which Java can only build unchecked.
final class Offsets {
  private Offsets() {}

  @SuppressWarnings({"unchecked", "rawtypes"}) // An array of StreamOffset is all it can be.
  static StreamOffset<String>[] of(String key, String afterId) {
    return new StreamOffset[] {StreamOffset.from(key, afterId)};
  }
}
