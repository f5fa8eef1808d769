package io.verbatim.asr.feed;

import io.verbatim.service.TokenBucket;

/// Limits the bytes sent to one session: a backlog is sent faster than real time, but at a bounded
/// rate.
///
/// The bucket fills faster than live audio empties it, so live audio never waits; its capacity is
/// limited, so that a pause is not followed by a burst.
public final class ReplayRate {
  private static final double CAPACITY_SECONDS = 5;
  private static final double INITIAL_SECONDS = 2;

  private ReplayRate() {}

  /// A bucket whose tokens are bytes of audio.
  ///
  /// @param speed in times real time
  public static TokenBucket newBucket(long bytesPerSecond, double speed, long nanos) {
    return new TokenBucket(
        bytesPerSecond * speed,
        bytesPerSecond * CAPACITY_SECONDS,
        bytesPerSecond * INITIAL_SECONDS,
        nanos);
  }
}
