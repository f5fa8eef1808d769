package io.verbatim.ingest.connection;

import io.verbatim.service.TokenBucket;
import java.time.Duration;

/// The rate limit of a connection: a multiple of real time in the long run, and a burst for a
/// caller that resumes with buffered audio.
///
/// @param burst audio that may arrive at once
/// @param speed rate in the long run, as a multiple of real time
public record RateLimit(Duration burst, int speed) {
  private static final double NANOS_PER_SECOND = 1e9;

  /// A full bucket, whose tokens are nanoseconds of audio.
  ///
  /// @param nowNanos the time, monotonic
  TokenBucket newBucket(long nowNanos) {
    double full = burst.toNanos();
    return new TokenBucket(speed * NANOS_PER_SECOND, full, full, nowNanos);
  }
}
