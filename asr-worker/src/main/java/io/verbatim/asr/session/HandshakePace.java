package io.verbatim.asr.session;

import java.time.Duration;

/// Decides when the next handshake may begin. Values in, values out; times are monotonic
/// nanoseconds.
///
/// Handshakes are spaced, so that sessions that were lost together do not return together. A
/// refusal for lack of capacity (429) is followed by a pause, longer after each further refusal.
/// After the pause one handshake is tried at a time, and one more with each that succeeds.
final class HandshakePace {
  private final long spacingNanos;
  private final Backoff pause;
  private long nextNanos;
  private long lastRefusalNanos;
  private int window = Integer.MAX_VALUE;
  private int inFlight;

  HandshakePace(Duration spacing, Backoff pause, long nowNanos) {
    this.spacingNanos = spacing.toNanos();
    this.pause = pause;
    this.nextNanos = nowNanos;
    this.lastRefusalNanos = nowNanos;
  }

  /// Whether another handshake may be in flight; changes when one ends.
  boolean hasCapacity() {
    return inFlight < window;
  }

  /// The remaining delay of the next handshake; zero or less if it may begin.
  Duration delay(long nowNanos) {
    return Duration.ofNanos(nextNanos - nowNanos);
  }

  void begun(long nowNanos) {
    inFlight++;
    nextNanos = nowNanos + spacingNanos;
  }

  /// A session opened.
  void accepted() {
    inFlight--;
    pause.succeeded();
    if (window < Integer.MAX_VALUE) {
      window++;
    }
  }

  /// The recogniser has no capacity. Refusals of handshakes that were in flight together count
  /// once.
  void refused(long begunNanos, long nowNanos) {
    inFlight--;
    if (begunNanos - lastRefusalNanos >= 0) {
      lastRefusalNanos = nowNanos;
      nextNanos = nowNanos + pause.next().toNanos();
      window = 1;
    }
  }

  /// A handshake ended for a reason unrelated to capacity.
  void ended() {
    inFlight--;
  }

  /// An open session ended and freed capacity: ends the pause.
  void capacityFreed(long nowNanos) {
    if (nextNanos - nowNanos > spacingNanos) {
      nextNanos = nowNanos + spacingNanos;
    }
  }
}
