package io.verbatim.bench.ingest;

import io.verbatim.bench.calls.ExotelLoad;
import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.InstanceLimit;
import io.verbatim.bench.setup.Loop;
import io.verbatim.bench.setup.Machine;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Resp;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.process.ChildProcess;
import io.verbatim.process.ServiceJar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures Exotel calls of 50 frames per second on the ingest service, in rounds that alternate
/// with the Node peer: connect, settle, measure one window, end, check every byte in Redis.
public final class IngestPart {
  private static final String TOKEN = "bench";
  private static final Duration SETTLE = Duration.ofSeconds(2);
  private static final Duration END_LIMIT = Duration.ofSeconds(30);
  private static final int CALLS_PER_FOLLOWER = 25;
  private static final int MIN_FOLLOWERS = 2;

  private final Workspace workspace;
  private final Options options;
  private int rounds;
  private volatile @Nullable Latencies latencies;

  /// The measured program.
  ///
  /// @param service null for the peer
  private record Target(
      String name, ChildProcess process, Redis redis, int port, @Nullable Service service) {}

  /// The results of all windows of a target with one number of calls.
  private static final class Result {
    final List<Double> serviceMicros = new ArrayList<>();
    final List<Double> redisMicros = new ArrayList<>();
    final List<Double> allocated = new ArrayList<>();
    final List<Double> generatorMicros = new ArrayList<>();
    final List<Double> otherLoad = new ArrayList<>();
    final Latencies latencies = new Latencies();
    final Latencies lateness = new Latencies();
    long resident;
    long sent;
    long lost;
  }

  public IngestPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
  }

  /// Runs the part. The table reports a failure if a frame is not in Redis at the end of a round.
  public Table run() {
    Table table =
        new Table(
            "ingest",
            "Calls",
            "Target",
            "CPU µs/frame",
            "Redis µs/frame",
            "CPU / peer",
            "Sent to stored, ms: p50 / p99 / p99.9 / max",
            "RSS MB",
            "Allocated B/frame",
            "Frames lost",
            "Generator µs/frame",
            "Frames left late, ms: p99 / max",
            "Other load, cores");
    List<Integer> levels = options.numbers("--calls", List.of(20, 100, 300, 500));
    try (Loop loop = new Loop("generator");
        InstanceLimit limit = InstanceLimit.of(options);
        Redis redis = Redis.start(workspace, "redis-ingest");
        Service service =
            Service.start(
                workspace,
                ServiceJar.INGEST,
                redis,
                Map.of(
                    "SUPPORT_EXOTEL", "true",
                    "EXOTEL_PATH_TOKEN", TOKEN,
                    "MAX_CALLS", "2000",
                    "REQUESTS_PER_SECOND", "100000",
                    "AUDIO_RETENTION_BYTES", "4GB"),
                options.javaOptions(),
                limit)) {
      service.awaitReady();
      Target verbatim = new Target("Verbatim", service.process(), redis, service.port(), service);
      if (options.peer()) {
        withPeer(table, loop, verbatim, levels);
      } else {
        measure(table, loop, List.of(verbatim), levels);
      }
    }
    table.note(
        options.windowsNote()
            + "; latencies of all windows together, of every 25th call, read by"
            + " a blocking XREAD. Frames are 20 ms of 8 kHz PCM in Exotel's JSON, calls start at"
            + " random phases.");
    return table;
  }

  private void withPeer(Table table, Loop loop, Target verbatim, List<Integer> levels) {
    try (Redis redis = Redis.start(workspace, "redis-peer")) {
      NodePeer peer = NodePeer.start(workspace, redis, TOKEN);
      try (ChildProcess process = peer.process()) {
        Target node = new Target("Node peer", process, redis, peer.port(), null);
        measure(table, loop, List.of(verbatim, node), levels);
      }
    }
  }

  private void measure(Table table, Loop loop, List<Target> targets, List<Integer> levels) {
    for (Target target : targets) {
      warmUp(loop, target, levels.getFirst());
    }
    for (int calls : levels) {
      List<Result> results = targets.stream().map(_ -> new Result()).toList();
      try {
        for (int window = 0; window < options.windows(); window++) {
          for (int i = 0; i < targets.size(); i++) {
            round(loop, targets.get(i), calls, results.get(i));
          }
        }
      } catch (BenchException e) {
        table.failure(calls + " calls: " + e.getMessage());
        return;
      }
      for (int i = 0; i < targets.size(); i++) {
        report(table, calls, targets.get(i), results.get(i), results.getLast());
        if (results.get(i).lost > 0) {
          table.failure(targets.get(i).name() + " lost frames with " + calls + " calls.");
        }
      }
    }
  }

  private ExotelLoad load(Loop loop, Target target, int calls) {
    String prefix = String.format(Locale.ROOT, "bench%08dx", rounds++);
    return new ExotelLoad(loop, target.port(), "/v1/ingest/" + TOKEN, prefix, calls, rounds);
  }

  private void warmUp(Loop loop, Target target, int calls) {
    try (ExotelLoad load = load(loop, target, calls)) {
      load.start();
      Workspace.sleep(options.warmup());
      load.failOnProblem();
    }
  }

  private void round(Loop loop, Target target, int calls, Result result) {
    Machine.awaitQuiet(options, target.process(), target.redis().process());
    try (ExotelLoad load = load(loop, target, calls)) {
      List<String> sids = load.callSids();
      int followers = Math.min(calls, Math.max(MIN_FOLLOWERS, calls / CALLS_PER_FOLLOWER));
      for (int i = 0; i < followers; i++) {
        StoredAudio.follow(target.redis(), sids.get(i * calls / followers), () -> latencies);
      }
      load.start();
      Workspace.sleep(SETTLE);
      load.failOnProblem();
      window(target, load, result);
      load.failOnProblem();
      result.sent += check(target, sids, load.stop(), result);
    }
  }

  private void window(Target target, ExotelLoad load, Result result) {
    Service service = target.service();
    double allocated = service == null ? 0 : service.allocatedBytes();
    Machine machine = Machine.watch(target.process(), target.redis().process());
    load.swapLateness();
    latencies = new Latencies();
    long frames = load.sent();
    long generator = Loop.processCpuNanos();
    long cpu = target.process().cpuNanos();
    long redis = target.redis().process().cpuNanos();
    Workspace.sleep(options.window());
    frames = load.sent() - frames;
    result.serviceMicros.add((target.process().cpuNanos() - cpu) / 1e3 / frames);
    result.redisMicros.add((target.redis().process().cpuNanos() - redis) / 1e3 / frames);
    result.generatorMicros.add((Loop.processCpuNanos() - generator) / 1e3 / frames);
    result.otherLoad.add(machine.otherLoad());
    result.lateness.add(load.swapLateness());
    Latencies measured = latencies;
    latencies = null;
    if (measured != null) {
      result.latencies.add(measured);
    }
    result.resident = Math.max(result.resident, target.process().residentBytes());
    if (service != null) {
      result.allocated.add((service.allocatedBytes() - allocated) / frames);
    }
  }

  /// @return the number of frames sent by all calls
  private static long check(Target target, List<String> sids, int[] sent, Result result) {
    long all = 0;
    try (Resp redis = target.redis().connect()) {
      for (int call = 0; call < sent.length; call++) {
        String sid = sids.get(call);
        Workspace.await(
            "call " + sid + " ends in Redis",
            END_LIMIT,
            () -> {
              if (!target.process().isAlive()) {
                throw new BenchException(
                    target.name() + " ended under load: " + target.process().lastLines().strip());
              }
              return StoredAudio.isEnded(redis, sid);
            });
        result.lost += StoredAudio.lost(redis, sid, call, sent[call]);
        all += sent[call];
      }
      // Audio of earlier rounds is deleted, so that the store has the same size for both targets.
      for (String sid : sids) {
        redis.call("UNLINK", StoredAudio.key(sid));
      }
    }
    return all;
  }

  private void report(Table table, int calls, Target target, Result result, Result last) {
    double ratio = Numbers.median(result.serviceMicros) / Numbers.median(last.serviceMicros);
    table.row(
        Integer.toString(calls),
        target.name(),
        Numbers.spread(result.serviceMicros),
        Numbers.spread(result.redisMicros),
        options.peer() ? String.format(Locale.ROOT, "%.2f", ratio) : "–",
        result.latencies.summary(),
        Numbers.mebibytes(result.resident),
        result.allocated.isEmpty() ? "–" : Numbers.number(Numbers.median(result.allocated)),
        result.lost + " of " + result.sent,
        Numbers.spread(result.generatorMicros),
        Numbers.percentiles(result.lateness),
        Numbers.spread(result.otherLoad));
  }
}
