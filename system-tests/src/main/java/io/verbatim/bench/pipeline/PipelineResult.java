package io.verbatim.bench.pipeline;

import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.pipeline.TranscriptWatcher.Seen;
import io.verbatim.bench.setup.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What one run of the pipeline measured and checked. Confined to the thread of the run.
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

  int exact() {
    return exact;
  }

  int takeovers() {
    return sessions - recognizedCalls;
  }

  /// Whether every byte, word and end is as it must be, in one recogniser session per call and with
  /// one Redis connection per service.
  public boolean isSound() {
    boolean oneConnectionEach =
        connections.size() == Service.Kind.values().length
            && connections.values().stream().allMatch(count -> count == 1);
    return wrong == 0
        && received == sent
        && sessions == calls
        && exact == calls
        && complete == calls
        && oneConnectionEach;
  }

  /// The check, in words.
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%d frames sent, %d received, %d not as sent; %d calls, %d recogniser sessions; %d"
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
