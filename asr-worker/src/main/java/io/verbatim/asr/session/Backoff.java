package io.verbatim.asr.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Delay before the next attempt: random between the minimum and a limit that doubles with each
/// failure in a row, so that calls that failed together do not reconnect together. Confined to the
/// event loop.
final class Backoff {
  private final Duration min;
  private final Duration max;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration min, Duration max, RandomGenerator random) {
    this.min = min;
    this.max = max;
    this.random = random;
  }

  /// The delay after one more failure.
  Duration next() {
    failures = Math.min(failures + 1, 16);
    double floor = min.toNanos();
    double ceiling = max.toNanos();
    double limit = Math.min(ceiling, floor * (1L << failures));
    return Duration.ofNanos((long) (floor + random.nextDouble() * Math.max(0, limit - floor)));
  }

  void succeeded() {
    failures = 0;
  }
}
