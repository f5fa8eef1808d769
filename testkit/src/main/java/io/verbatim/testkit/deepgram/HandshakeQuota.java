package io.verbatim.testkit.deepgram;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// How many handshakes the stand-in accepts in any second. Thread-safe.
final class HandshakeQuota {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final int perSecond;
  private final Deque<Long> accepted = new ArrayDeque<>();
  private final List<Long> refused = new ArrayList<>();

  HandshakeQuota(int perSecond) {
    this.perSecond = perSecond;
  }

  synchronized boolean accepts(long nanos) {
    while (!accepted.isEmpty() && nanos - accepted.getFirst() >= SECOND) {
      accepted.removeFirst();
    }
    if (accepted.size() >= perSecond) {
      refused.add(nanos);
      return false;
    }
    accepted.addLast(nanos);
    return true;
  }

  synchronized int refused() {
    return refused.size();
  }

  /// The most that were refused within a second.
  synchronized int mostRefusedPerSecond() {
    int most = 0;
    int from = 0;
    for (int to = 0; to < refused.size(); to++) {
      while (refused.get(to) - refused.get(from) >= SECOND) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }
}
