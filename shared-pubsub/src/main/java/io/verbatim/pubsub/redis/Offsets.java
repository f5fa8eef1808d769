package io.verbatim.pubsub.redis;

import io.lettuce.core.XReadArgs.StreamOffset;
import java.util.List;

/// The varargs of Lettuce's stream reads, which Java can only build unchecked.
final class Offsets {
  private Offsets() {}

  static StreamOffset<String>[] of(String key, String afterId) {
    return of(List.of(StreamOffset.from(key, afterId)));
  }

  @SuppressWarnings({
    "unchecked",
    "rawtypes"
  }) // An array of StreamOffset is all there can be at run time.
  static StreamOffset<String>[] of(List<StreamOffset<String>> offsets) {
    return offsets.toArray(new StreamOffset[0]);
  }
}
