package io.verbatim.asr.session;

import java.time.Duration;

/// The time limit of a handshake: doubles after each handshake that was not answered in time, and
/// falls to what the last answered one needed. Values in, values out.
final class HandshakeLimit {
  /// Raises 5 s to 40 s at most.
  static final int MAX_DOUBLINGS = 3;

  private final Duration first;
  private int doublings;

  HandshakeLimit(Duration first) {
    this.first = first;
  }

  Duration current() {
    return first.multipliedBy(1L << doublings);
  }

  /// A handshake was not answered in time.
  void missed() {
    doublings = Math.min(doublings + 1, MAX_DOUBLINGS);
  }

  /// A handshake was answered after this long.
  void answered(Duration took) {
    while (doublings > 0 && took.compareTo(first.multipliedBy(1L << (doublings - 1))) <= 0) {
      doublings--;
    }
  }
}
