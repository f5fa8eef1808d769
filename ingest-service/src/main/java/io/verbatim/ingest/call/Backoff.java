package io.verbatim.ingest.call;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// The delay before a request is retried: doubles from 50 ms to 1 s, with jitter over the upper
/// half so that calls do not retry at the same time. Confined to the event loop.
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long MAX_MILLIS = 1000;

  private final RandomGenerator random;
  private long nextMillis = FIRST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long millis = nextMillis;
    nextMillis = Math.min(MAX_MILLIS, nextMillis * 2);
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  void reset() {
    nextMillis = FIRST_MILLIS;
  }
}
