package io.verbatim.ingest.connection;

/// Limits how fast one connection may send: a multiple of real time in the long run, and a burst at
/// once, for a caller that comes back with what it has kept. Confined to the event loop.
///
/// Times are of any monotonic clock, in nanoseconds. Whatever a message carries, it counts as a
/// millisecond at least, for each costs processing time.
final class TokenBucket {
  private static final long MIN_NANOS = 1_000_000;

  private final long burstNanos;
  private final int speed;
  private long leftNanos;
  private long at;

  TokenBucket(RateLimit limit, long now) {
    burstNanos = limit.burst().toNanos();
    speed = limit.speed();
    leftNanos = burstNanos;
    at = now;
  }

  /// Takes one message with so much audio, and answers whether the sender is within its limit.
  boolean take(long audioNanos, long now) {
    leftNanos = left(now) - Math.max(audioNanos, MIN_NANOS);
    at = now;
    return leftNanos >= 0;
  }

  /// Whether the sender is within its limit again.
  boolean isRefilled(long now) {
    return left(now) >= 0;
  }

  private long left(long now) {
    return Math.min(burstNanos, leftNanos + (now - at) * speed);
  }
}
