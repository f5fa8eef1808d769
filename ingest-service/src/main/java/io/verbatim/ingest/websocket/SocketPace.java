package io.verbatim.ingest.websocket;

import java.time.Duration;

/// How fast one socket may send: some times as fast as its audio was spoken in the long run, and a
/// burst at once, for a caller that comes back with what it has kept. Not for use by two threads at
/// once.
///
/// Times are of any monotonic clock, in nanoseconds. Whatever a message carries, it counts as a
/// millisecond at least, for it costs us time too.
public final class SocketPace {
  private static final long LEAST_NANOS = 1_000_000;

  /// What a socket may send.
  ///
  /// @param burst audio that may come at once
  /// @param speed in times real time
  public record Limits(Duration burst, int speed) {}

  private final long burstNanos;
  private final int speed;
  private long leftNanos;
  private long at;

  public SocketPace(Limits limits, long now) {
    burstNanos = limits.burst().toNanos();
    speed = limits.speed();
    leftNanos = burstNanos;
    at = now;
  }

  /// Takes one message with so much audio, and answers whether the sender is ahead of what it may.
  public boolean take(long audioNanos, long now) {
    leftNanos = left(now) - Math.max(audioNanos, LEAST_NANOS);
    at = now;
    return leftNanos < 0;
  }

  /// Whether the sender is ahead still.
  public boolean isAhead(long now) {
    return left(now) < 0;
  }

  private long left(long now) {
    return Math.min(burstNanos, leftNanos + (now - at) * speed);
  }
}
