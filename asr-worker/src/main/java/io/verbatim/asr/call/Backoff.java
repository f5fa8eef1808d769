package io.verbatim.asr.call;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next try: a random time between the least and a limit that doubles
/// with each failure in a row, so that calls that failed together do not come back together.
final class Backoff {
  private final Duration least;
  private final Duration most;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration least, Duration most, RandomGenerator random) {
    this.least = least;
    this.most = most;
    this.random = random;
  }

  /// The wait after one more failure.
  Duration next() {
    failures = Math.min(failures + 1, 16);
    double floor = least.toNanos();
    double ceiling = most.toNanos();
    double limit = Math.min(ceiling, floor * (1L << failures));
    return Duration.ofNanos((long) (floor + random.nextDouble() * Math.max(0, limit - floor)));
  }

  void succeeded() {
    failures = 0;
  }
}
