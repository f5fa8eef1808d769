package io.verbatim.ingest.call;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before asking the bus again: doubling from 50 ms to 1 s, each drawn from the
/// upper half so that many calls do not ask at the same moment.
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 1000;

  private final RandomGenerator random;
  private long nextMillis = FIRST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long millis = nextMillis;
    nextMillis = Math.min(LONGEST_MILLIS, nextMillis * 2);
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  void reset() {
    nextMillis = FIRST_MILLIS;
  }
}
