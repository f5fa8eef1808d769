package io.verbatim.local.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How long calls were without a worker: from what befell theirs to the first audio another sent to
/// the recogniser. Thread-safe.
final class Takeovers {
  private record Orphan(Fault by, String from, long sinceNanos) {}

  private final Map<Integer, Orphan> orphans = new ConcurrentHashMap<>();
  private final Map<Fault, List<Double>> millis = new EnumMap<>(Fault.class);

  /// These calls lose their worker now.
  void orphaned(List<Integer> calls, Fault by, String from) {
    long now = System.nanoTime();
    calls.forEach(call -> orphans.put(call, new Orphan(by, from, now)));
  }

  void heard(int call, String by, long nanos) {
    Orphan orphan = orphans.get(call);
    if (orphan != null && !orphan.from().equals(by) && orphans.remove(call, orphan)) {
      synchronized (millis) {
        millis
            .computeIfAbsent(orphan.by(), _ -> new ArrayList<>())
            .add((nanos - orphan.sinceNanos()) / 1e6);
      }
    }
  }

  /// Such as `12 takeovers, p50 2103 ms, p99 2400 ms`.
  String summary(Fault by) {
    double[] sorted;
    synchronized (millis) {
      sorted = millis.getOrDefault(by, List.of()).stream().mapToDouble(d -> d).sorted().toArray();
    }
    return sorted.length == 0
        ? "none"
        : String.format(
            "%d, p50 %.0f ms, p99 %.0f ms, max %.0f ms",
            sorted.length,
            sorted[sorted.length / 2],
            sorted[(int) Math.min(sorted.length - 1L, (long) (0.99 * sorted.length))],
            Arrays.stream(sorted).max().orElseThrow());
  }
}
