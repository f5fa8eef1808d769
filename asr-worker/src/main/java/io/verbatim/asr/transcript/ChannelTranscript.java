package io.verbatim.asr.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One channel's state: how far its words stand, the segment being said, and the early finals that
/// wait for the one before them.
final class ChannelTranscript {
  /// More early finals than this are not kept waiting: the first is taken.
  static final int MOST_EARLY = 16;

  private final int channel;
  private final List<PlacedHypothesis> early = new ArrayList<>();
  private Optional<PlacedHypothesis> saying = Optional.empty();
  private long covered;
  private String openSegment;
  private long openStart;

  ChannelTranscript(int channel, long covered) {
    this.channel = channel;
    this.covered = covered;
    this.openSegment = "";
    this.openStart = covered;
  }

  /// What another owner has shown already is gone on with.
  void goesOnWith(String segment, PlacedHypothesis shown) {
    openSegment = segment;
    says(shown);
  }

  int channel() {
    return channel;
  }

  long covered() {
    return covered;
  }

  /// Everything below `position` is written; a segment that began there is over.
  void coverTo(long position) {
    covered = position;
    if (openStart < position) {
      openSegment = "";
    }
    saying = unfinished();
  }

  /// The log says otherwise: begin again from there.
  void resetTo(long position) {
    covered = position;
    openSegment = "";
    saying = Optional.empty();
    early.clear();
  }

  void says(PlacedHypothesis interim) {
    saying = Optional.of(interim);
  }

  /// Whether the newest interim begins there or behind.
  boolean showsFrom(long position) {
    return saying.isPresent() && saying.get().start() >= position;
  }

  /// What is left of the newest interim: words no final has.
  Optional<PlacedHypothesis> unfinished() {
    return saying
        .map(interim -> interim.above(covered))
        .filter(rest -> !rest.isEmpty() && rest.end() > covered);
  }

  /// Below this its words stand, or were guessed at least.
  long heardTo() {
    return unfinished().map(PlacedHypothesis::end).orElse(covered);
  }

  /// The id of the segment an interim belongs to: the open one, else a new one that begins there.
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

  /// Keeps an early final, in order of start.
  void hold(PlacedHypothesis placed) {
    int place = 0;
    while (place < early.size() && early.get(place).start() <= placed.start()) {
      place++;
    }
    early.add(place, placed);
  }

  boolean isWaiting() {
    return !early.isEmpty();
  }

  /// The first early final that begins at or below this position.
  Optional<PlacedHypothesis> nextEarlyUpTo(long position) {
    return early.isEmpty() || early.getFirst().start() > position
        ? Optional.empty()
        : Optional.of(early.removeFirst());
  }

  /// The first early final, where it or one behind it has waited since this moment or longer, or
  /// where there are too many.
  Optional<PlacedHypothesis> nextOverdue(long millis) {
    boolean overdue =
        early.size() > MOST_EARLY
            || early.stream().anyMatch(placed -> placed.heardMillis() <= millis);
    return overdue ? Optional.of(early.removeFirst()) : Optional.empty();
  }

  /// All early finals, in order: nothing comes before them any more.
  List<PlacedHypothesis> drainEarly() {
    List<PlacedHypothesis> all = List.copyOf(early);
    early.clear();
    return all;
  }

  /// A new session says it all again.
  void forgetEarly() {
    early.clear();
  }
}
