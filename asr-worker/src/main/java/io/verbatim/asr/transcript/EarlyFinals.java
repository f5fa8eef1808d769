package io.verbatim.asr.transcript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One channel's finals that arrived before the one they follow. Values in, values out.
///
/// A recogniser's finals are contiguous: the one before the first held final is late, or the
/// session has lost it. Times are monotonic, in nanoseconds.
final class EarlyFinals {
  /// How long a final waits for the one before it.
  static final Duration MAX_WAIT = Duration.ofSeconds(2);

  /// More than this many end the wait; further ones are dropped.
  static final int MAX_HELD = 16;

  /// Sessions in a row that may lose the same final.
  static final int MAX_LOSSES = 3;

  private record Held(PositionedHypothesis hypothesis, long sinceNanos) {}

  private final List<Held> held = new ArrayList<>();
  private long missingFrom = -1;
  private int losses;

  /// Holds a final, in order of start.
  void hold(PositionedHypothesis hypothesis, long nowNanos) {
    if (held.size() > MAX_HELD) {
      return;
    }
    int index = 0;
    while (index < held.size() && held.get(index).hypothesis().start() <= hypothesis.start()) {
      index++;
    }
    held.add(index, new Held(hypothesis, nowNanos));
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /// Removes the first one, if it starts at or below this position.
  Optional<PositionedHypothesis> nextUpTo(long position) {
    return held.isEmpty() || held.getFirst().hypothesis().start() > position
        ? Optional.empty()
        : Optional.of(held.removeFirst().hypothesis());
  }

  /// The start of the first one, if there is one.
  OptionalLong firstStart() {
    return held.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(held.getFirst().hypothesis().start());
  }

  /// Whether the session has lost the final before the first one.
  ///
  /// A gap affects every channel, so the other channel gets the same time once more to be covered
  /// as far.
  ///
  /// @param covered where the missing final should start
  /// @param others the position below which the other channels are covered
  /// @param wait for the missing final
  MissingFinal missing(long covered, long others, Duration wait, long nowNanos) {
    if (held.isEmpty() || !haveWaited(wait, nowNanos)) {
      return new MissingFinal.None();
    }
    long to = held.getFirst().hypothesis().start();
    MissingFinal missing = lost(covered, to);
    return missing instanceof MissingFinal.Abandoned
            && others < to
            && !haveWaited(wait.multipliedBy(2), nowNanos)
        ? new MissingFinal.None()
        : missing;
  }

  /// The session has lost the final between these positions. Counts it, until `covered` moves.
  MissingFinal lost(long covered, long to) {
    losses = covered == missingFrom ? losses + 1 : 1;
    missingFrom = covered;
    return losses < MAX_LOSSES ? new MissingFinal.Lost(covered) : new MissingFinal.Abandoned(to);
  }

  private boolean haveWaited(Duration wait, long nowNanos) {
    return held.size() > MAX_HELD
        || held.stream().anyMatch(one -> nowNanos - one.sinceNanos() >= wait.toNanos());
  }

  /// Discards the held finals, because a new session repeats them.
  void discard() {
    held.clear();
  }
}
