package io.verbatim.local.chaos;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How long calls were without words: from what befell their worker to the first words that another
/// one's session brings. Thread-safe.
final class Takeovers {
  private record Orphan(int fault, String from, long sinceNanos) {}

  private final Map<Integer, Orphan> orphans = new ConcurrentHashMap<>();
  private final Journal journal;

  Takeovers(Journal journal) {
    this.journal = journal;
  }

  /// These calls lose their worker now. One that waits for another already waits on, and is counted
  /// from when it began to.
  ///
  /// @param fault whose number it is
  void orphaned(List<Integer> calls, int fault, String from) {
    long now = System.nanoTime();
    calls.forEach(call -> orphans.putIfAbsent(call, new Orphan(fault, from, now)));
  }

  /// Words came from this worker's session.
  void answered(int call, String by, long nanos) {
    Orphan orphan = orphans.get(call);
    if (orphan != null && !orphan.from().equals(by) && orphans.remove(call, orphan)) {
      long millis = Math.round((nanos - orphan.sinceNanos()) / 1e6);
      journal.write(new Journal.Takeover(orphan.fault(), millis));
    }
  }

  /// The call is over: nobody needs to take it.
  void over(int call) {
    orphans.remove(call);
  }
}
