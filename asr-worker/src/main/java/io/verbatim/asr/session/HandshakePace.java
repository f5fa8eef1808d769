package io.verbatim.asr.session;

import java.time.Duration;

/// When the next handshake may begin. Values in, values out; times are monotonic nanoseconds.
///
/// Handshakes are spaced, so that sessions that were lost together do not return together. A
/// recogniser that has no room (429) is given a pause, longer after each further refusal; after it
/// one handshake is tried at a time, and one more with each that succeeds.
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

  /// Whether another handshake may be in flight; asked again when one ends.
  boolean hasRoom() {
    return inFlight < window;
  }

  /// How long the next handshake must still wait; zero or less where it need not.
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

  /// The recogniser has no room. Refusals of handshakes that were in flight together are one.
  void refused(long begunNanos, long nowNanos) {
    inFlight--;
    if (begunNanos - lastRefusalNanos >= 0) {
      lastRefusalNanos = nowNanos;
      nextNanos = nowNanos + pause.next().toNanos();
      window = 1;
    }
  }

  /// A handshake ended in another way, which says nothing about room.
  void ended() {
    inFlight--;
  }

  /// An open session ended: its place is free, so the pause is over.
  void placeFreed(long nowNanos) {
    if (nextNanos - nowNanos > spacingNanos) {
      nextNanos = nowNanos + spacingNanos;
    }
  }
}
