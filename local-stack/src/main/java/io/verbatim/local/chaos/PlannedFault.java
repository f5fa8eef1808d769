package io.verbatim.local.chaos;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/// A fault before it is done.
///
/// @param number from 0
/// @param pause from the fault before it
/// @param victim which of the slots it befalls, counted around; where that is not up, the next one
/// @param lasting how long it lasts, where it does
record PlannedFault(int number, Fault kind, Duration pause, int victim, Duration lasting) {
  private static final int MANY = 1 << 16;

  /// The same with another number.
  PlannedFault numbered(int other) {
    return new PlannedFault(other, kind, pause, victim, lasting);
  }

  /// The fault with this number of the run with this seed, these kinds and this pause: always the
  /// same one.
  ///
  /// @param shortestPause at most twice that
  static PlannedFault of(long seed, int number, Set<Fault> kinds, Duration shortestPause) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number).split();
    int drawn = random.nextInt(kinds.stream().mapToInt(Fault::weight).sum());
    Fault kind = null;
    for (Fault fault : EnumSet.copyOf(kinds)) {
      if (kind == null && drawn < fault.weight()) {
        kind = fault;
      }
      drawn -= fault.weight();
    }
    if (kind == null) {
      throw new IllegalStateException("weights do not add up");
    }
    return new PlannedFault(
        number,
        kind,
        shortestPause.plusMillis(random.nextLong(shortestPause.toMillis() + 1)),
        random.nextInt(MANY),
        kind.lasting(random.nextDouble()));
  }
}
