package io.verbatim.local.chaos;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/// What is done to the running system.
enum Fault {
  /// `kill -9`; another takes its place.
  WORKER_KILL(4),
  /// SIGTERM; another takes its place.
  WORKER_STOP(2),
  /// SIGSTOP for longer than the lease, then SIGCONT.
  WORKER_PAUSE(2),
  /// `kill -9`; it comes back on its port.
  GATEWAY_KILL(1),
  /// SIGTERM; it comes back on its port.
  GATEWAY_STOP(1),
  /// Every session of the recogniser is cut without a word.
  RECOGNIZER_CUT(2),
  /// `kill -9`; it comes back on its port with what it had on disk.
  REDIS_KILL(1),
  /// SIGSTOP for one to three seconds, then SIGCONT.
  REDIS_PAUSE(1);

  private final int weight;

  Fault(int weight) {
    this.weight = weight;
  }

  /// The fault with this number of the run with this seed and these kinds: always the same one.
  static Fault of(long seed, int number, Set<Fault> kinds) {
    int total = kinds.stream().mapToInt(fault -> fault.weight).sum();
    int drawn = new SplittableRandom(seed * 1_000_003 + number).split().nextInt(total);
    for (Fault fault : EnumSet.copyOf(kinds)) {
      drawn -= fault.weight;
      if (drawn < 0) {
        return fault;
      }
    }
    throw new IllegalStateException("weights do not add up");
  }
}
