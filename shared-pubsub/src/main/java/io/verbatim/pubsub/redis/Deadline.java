package io.verbatim.pubsub.redis;

import java.time.Duration;

/// When a claim is too late, by the server's clock: a claim that was delayed on its way must not
/// take what has become another worker's since.
record Deadline(long serverMillis) {

  /// @param serverMillis the server's time, as it told with a reply
  static Deadline after(long serverMillis, Duration time) {
    return new Deadline(serverMillis + time.toMillis());
  }
}
