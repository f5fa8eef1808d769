package io.verbatim.chaos;

import io.verbatim.testkit.deepgram.RecordedSession;
import io.verbatim.testkit.deepgram.StandInListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Measures takeovers: the time from a fault of a call's worker to the first results of another
/// worker's session. Thread-safe.
final class Takeovers implements StandInListener {
  private record Orphan(int fault, String from, long sinceNanos) {}

  private final Map<Integer, Orphan> orphans = new ConcurrentHashMap<>();
  private final Journal journal;

  Takeovers(Journal journal) {
    this.journal = journal;
  }

  /// Records that calls lose their worker now. A call that has already lost its worker keeps its
  /// earlier time.
  ///
  /// @param fault the number of the fault
  /// @param from the name of the worker
  void orphaned(List<Integer> calls, int fault, String from) {
    long now = System.nanoTime();
    calls.forEach(call -> orphans.putIfAbsent(call, new Orphan(fault, from, now)));
  }

  /// Records the first results of a session.
  @Override
  public void answered(RecordedSession session) {
    session.call().ifPresent(call -> answered(call, session.key(), System.nanoTime()));
  }

  private void answered(int call, String by, long nanos) {
    Orphan orphan = orphans.get(call);
    if (orphan != null && !orphan.from().equals(by) && orphans.remove(call, orphan)) {
      long millis = Math.round((nanos - orphan.sinceNanos()) / 1e6);
      journal.write(new Journal.Takeover(orphan.fault(), millis));
    }
  }

  /// Removes a call that has ended.
  void over(int call) {
    orphans.remove(call);
  }
}
