package io.verbatim.asr.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One channel's state: how far its words are committed, the segment in progress, and the early
/// finals that are held for the one before them.
final class ChannelTranscript {
  /// With more early finals than this, the first is no longer held.
  static final int MAX_EARLY = 16;

  private final int channel;
  private final List<PlacedHypothesis> early = new ArrayList<>();
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
    early.clear();
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

  /// Holds an early final, in order of start.
  void hold(PlacedHypothesis placed) {
    int place = 0;
    while (place < early.size() && early.get(place).start() <= placed.start()) {
      place++;
    }
    early.add(place, placed);
  }

  boolean isHolding() {
    return !early.isEmpty();
  }

  /// The first early final that starts at or below this position.
  Optional<PlacedHypothesis> nextEarlyUpTo(long position) {
    return early.isEmpty() || early.getFirst().start() > position
        ? Optional.empty()
        : Optional.of(early.removeFirst());
  }

  /// The first early final, where it or one behind it has been held since this moment or longer, or
  /// where there are too many.
  Optional<PlacedHypothesis> nextOverdue(long millis) {
    boolean overdue =
        early.size() > MAX_EARLY
            || early.stream().anyMatch(placed -> placed.receivedMillis() <= millis);
    return overdue ? Optional.of(early.removeFirst()) : Optional.empty();
  }

  /// All early finals, in order, where none can arrive before them.
  List<PlacedHypothesis> drainEarly() {
    List<PlacedHypothesis> all = List.copyOf(early);
    early.clear();
    return all;
  }

  /// A new session repeats them.
  void discardEarly() {
    early.clear();
  }
}
