package io.verbatim.local.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How long browsers were without words because of a fault: the longest time between two finals of
/// a call that began shortly before or after the fault was done. Thread-safe.
///
/// A call that goes on undisturbed has a final every half second.
final class Silences {
  private static final long BEGINS_BEFORE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);
  private static final long BEGINS_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  private record Injected(int fault, long atNanos) {}

  private final Journal journal;
  private final List<Injected> injected = new ArrayList<>();
  private final Map<Integer, Long> lastFinals = new HashMap<>();
  private final Map<Integer, Map<Integer, Long>> longest = new HashMap<>();

  Silences(Journal journal) {
    this.journal = journal;
  }

  /// A fault is done now.
  synchronized void injected(int fault) {
    injected.add(new Injected(fault, System.nanoTime()));
  }

  /// A browser was shown a final of this call now.
  synchronized void shown(int call) {
    long now = System.nanoTime();
    Long last = lastFinals.put(call, now);
    if (last == null) {
      return;
    }
    for (Injected fault : injected) {
      long begins = last - fault.atNanos();
      if (now >= fault.atNanos()
          && begins >= -BEGINS_BEFORE_NANOS
          && begins <= BEGINS_AFTER_NANOS) {
        longest
            .computeIfAbsent(call, _ -> new HashMap<>())
            .merge(fault.fault(), now - last, Math::max);
      }
    }
  }

  /// The call is over.
  synchronized void over(int call) {
    lastFinals.remove(call);
    Map<Integer, Long> silences = longest.remove(call);
    if (silences != null) {
      silences.forEach((fault, nanos) ->
          journal.write(new Journal.Silence(fault, TimeUnit.NANOSECONDS.toMillis(nanos))));
    }
  }
}
