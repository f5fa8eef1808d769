package io.verbatim.chaos;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/// A planned fault.
///
/// @param number from 0
/// @param pause time since the fault before it
/// @param target the index of the affected slot, modulo their count; if that slot is not up, the
///   next one is used
/// @param duration of the fault; ignored by faults without one
record PlannedFault(int number, Fault kind, Duration pause, int target, Duration duration) {
  private static final int TARGET_BOUND = 1 << 16;

  /// The same fault with another number.
  PlannedFault withNumber(int other) {
    return new PlannedFault(other, kind, pause, target, duration);
  }

  /// A random fault, determined by the arguments alone.
  ///
  /// @param minPause the minimum pause; the maximum is twice that
  static PlannedFault of(long seed, int number, Set<Fault> kinds, Duration minPause) {
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
        minPause.plusMillis(random.nextLong(minPause.toMillis() + 1)),
        random.nextInt(TARGET_BOUND),
        kind.duration(random.nextDouble()));
  }
}
