package io.verbatim.gateway.statistics;

/// The time that is covered by intervals, each millisecond counted once. The intervals are added in
/// the order of their starts.
final class CoveredTime {

  private long until;
  private long millis;

  void add(long startMs, long endMs) {
    long from = Math.max(startMs, until);
    if (endMs > from) {
      millis += endMs - from;
      until = endMs;
    }
  }

  long millis() {
    return millis;
  }

  /// The end of the last interval; 0 if there is none.
  long untilMs() {
    return until;
  }
}
