package io.verbatim.gateway.statistics;

import java.util.List;

/// A row of words of one speaker with short pauses, which may still grow.
///
/// It refers to the times of the turns that it may interrupt, but not to those turns, so that no
/// turn keeps older ones in memory.
final class Turn {

  /// The time from the first to the last word so far.
  static final class Span {
    private final long startMs;
    private long endMs;

    Span(long startMs, long endMs) {
      this.startMs = startMs;
      this.endMs = endMs;
    }

    long endMs() {
      return endMs;
    }

    /// Whether a word at this time belongs to the turn, or to an interruption of it.
    boolean isOpenAt(long millis) {
      return startMs < millis && millis - endMs <= TalkTally.MAX_PAUSE_MS;
    }
  }

  private final Span span;
  private final List<Span> others;

  /// @param others the turns of other speakers that were open when this one began
  Turn(Span span, List<Span> others) {
    this.span = span;
    this.others = List.copyOf(others);
  }

  Span span() {
    return span;
  }

  /// Whether a word that begins at this time continues the turn.
  boolean continuesAt(long millis) {
    return millis - span.endMs <= TalkTally.MAX_PAUSE_MS;
  }

  void extend(long endMs) {
    span.endMs = Math.max(span.endMs, endMs);
  }

  boolean isInterruption() {
    return others.stream()
        .anyMatch(other ->
            other.endMs - span.startMs >= TalkTally.MIN_OVERLAP_MS && span.endMs > other.endMs);
  }
}
