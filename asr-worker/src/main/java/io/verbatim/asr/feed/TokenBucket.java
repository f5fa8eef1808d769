package io.verbatim.asr.feed;

import java.time.Duration;

/// How many bytes one session may be sent by now: a backlog is sent faster than real time, but at a
/// bounded rate.
///
/// The bucket fills faster than live audio empties it, so live audio never waits; its capacity is
/// limited, so that a pause is not followed by a burst. Values in, values out.
public final class TokenBucket {
  private static final double CAPACITY_SECONDS = 5;
  private static final double INITIAL_SECONDS = 2;

  private final double bytesPerNano;
  private final double capacity;
  private double tokens;
  private long lastNanos;

  /// @param speed in times real time
  public TokenBucket(long bytesPerSecond, double speed, long nanos) {
    bytesPerNano = bytesPerSecond * speed / Duration.ofSeconds(1).toNanos();
    capacity = bytesPerSecond * CAPACITY_SECONDS;
    tokens = bytesPerSecond * INITIAL_SECONDS;
    lastNanos = nanos;
  }

  /// Bytes that may be sent now.
  public long available(long nanos) {
    tokens = Math.min(capacity, tokens + (nanos - lastNanos) * bytesPerNano);
    lastNanos = nanos;
    return (long) tokens;
  }

  public void take(int bytes) {
    tokens -= bytes;
  }
}
