package io.verbatim.bench.fanout;

import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.InstanceLimit;
import io.verbatim.bench.setup.Loop;
import io.verbatim.bench.setup.Machine;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.bench.watchers.FixedRateTask;
import io.verbatim.bench.watchers.LiveCalls;
import io.verbatim.bench.watchers.NumberedWords;
import io.verbatim.bench.watchers.SseWatchers;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.ChildProcess;
import io.verbatim.process.ServiceJar;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures one live call with many watchers: first on the gateway, then on nchan with the same
/// events.
public final class FanoutPart {
  private static final String TENANT = "bench";
  private static final Duration SETTLE = Duration.ofSeconds(2);
  private static final int EVENTS_PER_FINAL = 19;
  private static final int SOCKETS_BESIDE_WATCHERS = 1000;

  /// The maximum number of watchers for the heap size of the Dockerfile.
  private static final int WATCHERS_OF_A_SMALL_INSTANCE = 5000;

  private static final String LARGER_HEAP = "-Xmx640m -XX:MaxDirectMemorySize=256m";

  private final Workspace workspace;
  private final Options options;
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final NumberedWords words = new NumberedWords();
  private final double rate;

  /// The results of all windows of a target with one number of watchers.
  private static final class Result {
    final List<Double> micros = new ArrayList<>();
    final List<Double> clientMicros = new ArrayList<>();
    final List<Double> otherLoad = new ArrayList<>();
    final Latencies latencies = new Latencies();
    final Latencies lateness = new Latencies();
    double due;
    long delivered;
    long bytes;
    long resident;
    int lost;
  }

  public FanoutPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
    this.rate = options.decimal("--rate", 19);
  }

  /// Runs the part.
  public Table run() {
    Table table =
        new Table(
            "fanout",
            "Watchers",
            "Target",
            "CPU µs/event",
            "CPU / peer",
            "Written to received, ms: p50 / p99 / p99.9 / max",
            "RSS MB",
            "Delivered",
            "Streams lost",
            "Bytes/event",
            "Client µs/event",
            "Events written late, ms: p99 / max",
            "Other load, cores");
    try (Loop loop = new Loop("watchers")) {
      for (int watchers : options.numbers("--watchers", List.of(100, 1000, 5000, 10_000))) {
        Result gateway = gateway(loop, watchers);
        Result nchan = options.peer() ? nchan(loop, watchers) : null;
        row(table, watchers, "Verbatim", gateway, nchan == null ? gateway : nchan);
        if (nchan != null) {
          row(table, watchers, "nginx + nchan", nchan, nchan);
        }
      }
      int idle = options.number("--idle", 10_000);
      if (idle > 0) {
        idle(table, loop, idle);
      }
    }
    table.note(
        options.windowsNote()
            + ". "
            + Numbers.number(rate)
            + " events per second of about 335 bytes, one in "
            + EVENTS_PER_FINAL
            + " a final; CPU per event delivered to one watcher. More than "
            + WATCHERS_OF_A_SMALL_INSTANCE
            + " watchers: gateway with "
            + LARGER_HEAP
            + ".");
    return table;
  }

  private Service startGateway(Redis redis, int watchers, @Nullable InstanceLimit limit) {
    String larger = watchers > WATCHERS_OF_A_SMALL_INSTANCE ? LARGER_HEAP : "";
    Service gateway =
        Service.start(
            workspace,
            ServiceJar.GATEWAY,
            redis,
            Map.of(
                "JWT_PUBLIC_KEY", keys.publicKeyPem(),
                "MAX_SSE_CLIENTS", Integer.toString(watchers + SOCKETS_BESIDE_WATCHERS),
                "REQUESTS_PER_SECOND", "100000"),
            options.javaOptions().with(larger),
            limit);
    gateway.awaitReady();
    return gateway;
  }

  private SseWatchers watchersOf(Loop loop, Service gateway, String callId) {
    String token = keys.token("transcripts:read", TENANT, Duration.ofHours(6));
    return new SseWatchers(
        loop,
        gateway.port(),
        "/v1/calls/" + callId + "/transcript",
        Map.of("Authorization", "Bearer " + token),
        words);
  }

  private Result gateway(Loop loop, int watchers) {
    try (InstanceLimit limit = InstanceLimit.of(options);
        Redis redis = Redis.start(workspace, "redis-fanout");
        Service gateway = startGateway(redis, watchers, limit);
        LiveCalls call = new LiveCalls(redis, "fanout-", TENANT, 1);
        SseWatchers sockets = watchersOf(loop, gateway, call.callId(0))) {
      sockets.open(watchers);
      try (FixedRateTask task = new FixedRateTask(rate, number -> write(call, number))) {
        Result result =
            measure(List.of(gateway.process(), redis.process()), sockets, task, watchers);
        call.failOnProblem();
        return result;
      }
    }
  }

  private void write(LiveCalls call, long number) {
    if (number % EVENTS_PER_FINAL == EVENTS_PER_FINAL - 1) {
      call.finish(0, words);
    } else {
      call.interim(0, words);
    }
  }

  private Result nchan(Loop loop, int watchers) {
    try (Nchan nchan = Nchan.start(workspace, watchers + SOCKETS_BESIDE_WATCHERS);
        SseWatchers sockets = new SseWatchers(loop, nchan.port(), nchan.path(), Map.of(), words)) {
      sockets.open(watchers);
      try (FixedRateTask task = new FixedRateTask(rate, number -> publish(nchan, number))) {
        Result result = measure(List.of(nchan.process()), sockets, task, watchers);
        nchan.failOnProblem();
        return result;
      }
    }
  }

  /// Publishes the same JSON as the gateway for the same words.
  private void publish(Nchan nchan, long number) {
    boolean isFinal = number % EVENTS_PER_FINAL == EVENTS_PER_FINAL - 1;
    long startMs = number / EVENTS_PER_FINAL * 1000;
    int word = words.next();
    String data =
        "{\"callId\":\"fanout-0\",\"segment\":\"s"
            + startMs * 16
            + (isFinal ? "\",\"seq\":" + (number / EVENTS_PER_FINAL + 1) : "\"")
            + ",\"startMs\":"
            + startMs
            + ",\"endMs\":"
            + (startMs + 1000)
            + ",\"text\":\""
            + NumberedWords.text(word)
            + "\",\"confidence\":0.98,\"speaker\":null,\"channel\":0,\"language\":\"en\","
            + "\"words\":[],\"recognizer\":\"bench\",\"latencyMs\":120,\"recognizerMs\":80,"
            + "\"unconfirmed\":false}";
    words.written(word);
    nchan.publish(isFinal ? "final" : "interim", data);
  }

  /// @param processes of the target; the first one is measured
  private Result measure(
      List<ChildProcess> processes, SseWatchers sockets, FixedRateTask task, int watchers) {
    ChildProcess process = processes.getFirst();
    Workspace.sleep(options.warmup().plus(SETTLE));
    Machine.awaitQuiet(options, processes.toArray(ChildProcess[]::new));
    Result result = new Result();
    for (int window = 0; window < options.windows(); window++) {
      Machine machine = Machine.watch(processes);
      sockets.swapLatencies();
      task.swapLateness();
      long delivered = sockets.delivered();
      long start = System.nanoTime();
      long bytes = sockets.bytes();
      long client = Loop.processCpuNanos();
      long cpu = process.cpuNanos();
      Workspace.sleep(options.window());
      delivered = sockets.delivered() - delivered;
      result.micros.add((process.cpuNanos() - cpu) / 1e3 / delivered);
      result.clientMicros.add((Loop.processCpuNanos() - client) / 1e3 / delivered);
      result.otherLoad.add(machine.otherLoad());
      result.latencies.add(sockets.swapLatencies());
      result.lateness.add(task.swapLateness());
      result.delivered += delivered;
      result.bytes += sockets.bytes() - bytes;
      result.due += (System.nanoTime() - start) / 1e9 * rate * watchers;
      result.resident = Math.max(result.resident, process.residentBytes());
    }
    result.lost = sockets.lost();
    return result;
  }

  private void row(Table table, int watchers, String target, Result result, Result peer) {
    table.row(
        Integer.toString(watchers),
        target,
        Numbers.spread(result.micros),
        options.peer()
            ? String.format(
                Locale.ROOT, "%.2f", Numbers.median(result.micros) / Numbers.median(peer.micros))
            : "–",
        result.latencies.summary(),
        Numbers.mebibytes(result.resident),
        Numbers.percent(result.delivered / result.due),
        Integer.toString(result.lost),
        Long.toString(result.bytes / Math.max(1, result.delivered)),
        Numbers.spread(result.clientMicros),
        Numbers.percentiles(result.lateness),
        Numbers.spread(result.otherLoad));
  }

  private void idle(Table table, Loop loop, int watchers) {
    try (Redis redis = Redis.start(workspace, "redis-idle");
        Service gateway = startGateway(redis, watchers, null);
        LiveCalls call = new LiveCalls(redis, "idle-", TENANT, 1);
        SseWatchers sockets = watchersOf(loop, gateway, call.callId(0))) {
      sockets.open(SOCKETS_BESIDE_WATCHERS / 2);
      Workspace.sleep(SETTLE);
      double heap = gateway.liveHeapBytes();
      long resident = gateway.process().privateBytes();
      sockets.open(watchers - SOCKETS_BESIDE_WATCHERS / 2);
      Workspace.sleep(SETTLE);
      int added = watchers - SOCKETS_BESIDE_WATCHERS / 2;
      double bytes = (gateway.liveHeapBytes() - heap) / added;
      double all = (gateway.process().privateBytes() - resident) / (double) added;
      table.note(
          String.format(
              Locale.ROOT,
              "Verbatim, %d idle watchers: %.1f KB of heap each after a full collection (process"
                  + " memory grew by %.1f KB each, garbage included).",
              watchers,
              bytes / 1024,
              all / 1024));
    }
    if (options.peer()) {
      idleNchan(table, loop, watchers);
    }
  }

  private void idleNchan(Table table, Loop loop, int watchers) {
    try (Nchan nchan = Nchan.start(workspace, watchers + SOCKETS_BESIDE_WATCHERS);
        SseWatchers sockets = new SseWatchers(loop, nchan.port(), nchan.path(), Map.of(), words)) {
      sockets.open(SOCKETS_BESIDE_WATCHERS / 2);
      Workspace.sleep(SETTLE);
      long resident = nchan.process().privateBytes();
      sockets.open(watchers - SOCKETS_BESIDE_WATCHERS / 2);
      Workspace.sleep(SETTLE);
      table.note(
          String.format(
              Locale.ROOT,
              "nginx + nchan, %d idle watchers: process memory grew by %.1f KB each.",
              watchers,
              (nchan.process().privateBytes() - resident)
                  / 1024.0
                  / (watchers - SOCKETS_BESIDE_WATCHERS / 2)));
    }
  }
}
