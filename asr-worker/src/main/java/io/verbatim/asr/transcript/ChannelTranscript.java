package io.verbatim.asr.transcript;

import java.util.Optional;

/// One channel's state: how far its words are committed, the segment in progress, and the early
/// finals that are held for the one before them.
final class ChannelTranscript {
  private final int channel;
  private final EarlyFinals early = new EarlyFinals();
  private Optional<PlacedHypothesis> interim = Optional.empty();
  private long covered;
  private String openSegment;
  private long openStart;

  ChannelTranscript(int channel, long covered) {
    this.channel = channel;
    this.covered = covered;
    this.openSegment = "";
    this.openStart = covered;
  }

  /// Continues the segment that the owner before has shown.
  void continueWith(String segment, PlacedHypothesis shown) {
    openSegment = segment;
    setInterim(shown);
  }

  int channel() {
    return channel;
  }

  long covered() {
    return covered;
  }

  /// Everything below `position` is committed; a segment that began there is over.
  void coverTo(long position) {
    covered = position;
    if (openStart < position) {
      openSegment = "";
    }
    interim = uncommitted();
  }

  /// The log's `covered` differs: start again from there.
  void resetTo(long position) {
    covered = position;
    openSegment = "";
    interim = Optional.empty();
    early.discard();
  }

  void setInterim(PlacedHypothesis newest) {
    interim = Optional.of(newest);
  }

  /// Whether the newest interim starts at or above the position.
  boolean hasInterimFrom(long position) {
    return interim.isPresent() && interim.get().start() >= position;
  }

  /// What is left of the newest interim: words that no final covers.
  Optional<PlacedHypothesis> uncommitted() {
    return interim
        .map(newest -> newest.above(covered))
        .filter(rest -> !rest.isEmpty() && rest.end() > covered);
  }

  /// The position up to which it has words or silence, the interim included.
  long heardTo() {
    return uncommitted().map(PlacedHypothesis::end).orElse(covered);
  }

  /// The id of the segment an interim belongs to: the open one, else a new one that starts there.
  String segmentOfInterim(long start) {
    if (openSegment.isEmpty()) {
      openSegment = newSegment(start);
      openStart = start;
    }
    return openSegment;
  }

  /// The id of the segment a final closes: the open one where it lies within, else its own.
  String segmentOfFinal(long start, long end, long tolerance) {
    boolean closesOpen =
        !openSegment.isEmpty() && openStart >= start - tolerance && openStart < end;
    return closesOpen ? openSegment : newSegment(start);
  }

  private String newSegment(long start) {
    return channel + "-" + start;
  }

  /// Where the words behind `covered` start, final or interim; `covered` where there are none.
  long nextStart() {
    long interimStart = uncommitted().map(PlacedHypothesis::start).orElse(Long.MAX_VALUE);
    long next = Math.min(interimStart, early.firstStart().orElse(Long.MAX_VALUE));
    return next == Long.MAX_VALUE ? covered : next;
  }

  EarlyFinals early() {
    return early;
  }
}
