package io.verbatim.bench.pipeline;

import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.pipeline.TranscriptWatcher.Seen;
import io.verbatim.process.ServiceJar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The measurements and checks of one pipeline run. Confined to the thread of the run.
public final class PipelineResult {
  static final String REDIS = "redis";
  static final String ALL = "all";
  static final String GENERATOR = "generator";
  static final String RECOGNIZER = "recogniser";

  final Latencies opening = new Latencies();
  final Latencies flowing = new Latencies();
  final Latencies lateness = new Latencies();
  final List<Double> otherLoad = new ArrayList<>();
  final Map<String, Long> resident = new TreeMap<>();
  Map<String, Long> connections = Map.of();
  int calls;
  long sent;
  long received;
  long wrong;
  int sessions;
  int recognizedCalls;

  private final Map<String, List<Double>> cpuMicros = new TreeMap<>();
  private int exact;
  private int complete;

  List<Double> cpu(String process) {
    return cpuMicros.computeIfAbsent(process, _ -> new ArrayList<>());
  }

  void seen(Seen seen, List<String> script) {
    if (seen.words().equals(script) && seen.entries() == script.size()) {
      exact++;
    }
    if (seen.ended() && seen.complete()) {
      complete++;
    }
  }

  /// The number of calls whose transcript is exact.
  public int exactCalls() {
    return exact;
  }

  /// The highest resident memory of a service in any window.
  public long residentBytes(ServiceJar kind) {
    return resident.getOrDefault(kind.module(), 0L);
  }

  /// The median CPU time of a service per frame.
  public double microsPerFrame(ServiceJar kind) {
    return Numbers.median(cpu(kind.module()));
  }

  int exact() {
    return exact;
  }

  int takeovers() {
    return sessions - recognizedCalls;
  }

  /// Whether every byte, word and end is correct, with one Redis connection per service. A session
  /// may have been replaced, and its audio sent again.
  public boolean isExact() {
    boolean oneConnectionEach =
        connections.size() == ServiceJar.values().length
            && connections.values().stream().allMatch(count -> count == 1);
    return wrong == 0
        && received >= sent
        && exact == calls
        && complete == calls
        && oneConnectionEach;
  }

  /// Whether it is exact, with one recogniser session per call, so that no audio was sent again.
  public boolean isSound() {
    return isExact() && received == sent && sessions == calls;
  }

  /// The checks as text.
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%d frames sent, %d received, %d wrong; %d calls, %d recogniser sessions; %d"
            + " transcripts exact, %d ended complete; Redis connections %s",
        sent,
        received,
        wrong,
        calls,
        sessions,
        exact,
        complete,
        connections);
  }
}
