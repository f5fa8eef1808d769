package io.verbatim.asr.transcript;

import java.util.Optional;

/// One channel's state: how far its words are committed, the segment in progress, and the early
/// finals that are held until the one before them arrives.
final class ChannelTranscript {
  private final int channel;
  private final EarlyFinals early = new EarlyFinals();
  private Optional<PositionedHypothesis> interim = Optional.empty();
  private long covered;
  private String openSegment;
  private long openStart;

  ChannelTranscript(int channel, long covered) {
    this.channel = channel;
    this.covered = covered;
    this.openSegment = "";
    this.openStart = covered;
  }

  /// Continues the segment of the previous owner.
  void continueWith(String segment, PositionedHypothesis previous) {
    openSegment = segment;
    setInterim(previous);
  }

  int channel() {
    return channel;
  }

  long covered() {
    return covered;
  }

  /// Marks everything below `position` as committed and ends a segment that began there.
  void coverTo(long position) {
    covered = position;
    if (openStart < position) {
      openSegment = "";
    }
    interim = uncommitted();
  }

  /// The log's `covered` differs: continues from there.
  void resetTo(long position) {
    covered = position;
    openSegment = "";
    interim = Optional.empty();
    early.discard();
  }

  void setInterim(PositionedHypothesis newest) {
    interim = Optional.of(newest);
  }

  /// Whether the newest interim starts at or above the position.
  boolean hasInterimFrom(long position) {
    return interim.isPresent() && interim.get().start() >= position;
  }

  /// The words of the newest interim that no final covers.
  Optional<PositionedHypothesis> uncommitted() {
    return interim
        .map(newest -> newest.above(covered))
        .filter(rest -> !rest.isEmpty() && rest.end() > covered);
  }

  /// The position up to which the channel has words or silence, the interim included.
  long recognizedTo() {
    return uncommitted().map(PositionedHypothesis::end).orElse(covered);
  }

  /// The id of the segment of an interim: the open one, else a new one that starts there.
  String segmentOfInterim(long start) {
    if (openSegment.isEmpty()) {
      openSegment = newSegment(start);
      openStart = start;
    }
    return openSegment;
  }

  /// The id of the segment that a final closes: the open one if it starts within the final, else a
  /// new one.
  String segmentOfFinal(long start, long end, long tolerance) {
    boolean closesOpen =
        !openSegment.isEmpty() && openStart >= start - tolerance && openStart < end;
    return closesOpen ? openSegment : newSegment(start);
  }

  private String newSegment(long start) {
    return channel + "-" + start;
  }

  /// The start of the first words above `covered`, final or interim; `covered` if there are none.
  long nextStart() {
    long interimStart = uncommitted().map(PositionedHypothesis::start).orElse(Long.MAX_VALUE);
    long next = Math.min(interimStart, early.firstStart().orElse(Long.MAX_VALUE));
    return next == Long.MAX_VALUE ? covered : next;
  }

  EarlyFinals early() {
    return early;
  }
}
