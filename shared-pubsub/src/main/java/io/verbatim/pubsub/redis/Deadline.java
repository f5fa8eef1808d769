package io.verbatim.pubsub.redis;

import java.time.Duration;

/// The server time after which a claim is too late: a delayed claim must not claim an entry that
/// has moved to another worker.
record Deadline(long serverMillis) {

  /// @param serverMillis the server's time, from a reply
  static Deadline after(long serverMillis, Duration time) {
    return new Deadline(serverMillis + time.toMillis());
  }
}
