package io.verbatim.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Measures how long browsers received no words because of a fault: the longest time between two
/// finals of a call that began shortly before or after the fault. Thread-safe.
///
/// A call without a fault has a final every half second.
final class DeliveryPauses {
  private static final long MAX_BEFORE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);
  private static final long MAX_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  private record Injected(int fault, long atNanos) {}

  private final Journal journal;
  private final List<Injected> injected = new ArrayList<>();
  private final Map<Integer, Long> lastFinals = new HashMap<>();
  private final Map<Integer, Map<Integer, Long>> longest = new HashMap<>();

  DeliveryPauses(Journal journal) {
    this.journal = journal;
  }

  /// Records that a fault was injected now.
  synchronized void injected(int fault) {
    injected.add(new Injected(fault, System.nanoTime()));
  }

  /// Records that a browser received a final of this call now.
  synchronized void received(int call) {
    long now = System.nanoTime();
    Long last = lastFinals.put(call, now);
    if (last == null) {
      return;
    }
    for (Injected fault : injected) {
      long begins = last - fault.atNanos();
      if (now >= fault.atNanos() && begins >= -MAX_BEFORE_NANOS && begins <= MAX_AFTER_NANOS) {
        longest
            .computeIfAbsent(call, _ -> new HashMap<>())
            .merge(fault.fault(), now - last, Math::max);
      }
    }
  }

  /// Writes the pauses of a call that has ended to the journal.
  synchronized void over(int call) {
    lastFinals.remove(call);
    Map<Integer, Long> pauses = longest.remove(call);
    if (pauses != null) {
      pauses.forEach((fault, nanos) ->
          journal.write(new Journal.DeliveryPause(fault, TimeUnit.NANOSECONDS.toMillis(nanos))));
    }
  }
}
