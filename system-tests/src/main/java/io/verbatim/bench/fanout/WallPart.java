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
import io.verbatim.process.ServiceJar;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Measures many live calls with a few walls: pages that show the last lines of every call.
public final class WallPart {
  private static final String TENANT = "bench";
  private static final Duration SETTLE = Duration.ofSeconds(3);
  private static final int EVENTS_PER_FINAL = 4;

  private final Workspace workspace;
  private final Options options;
  private final LocalKeys keys = new LocalKeys(InstantSource.system());

  public WallPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
  }

  /// Runs the part.
  public Table run() {
    Table table =
        new Table(
            "wall",
            "Calls",
            "Walls",
            "CPU µs/event",
            "Redis µs/event written",
            "Events/s delivered",
            "Written to received, ms: p50 / p99 / p99.9 / max",
            "Words delivered",
            "RSS MB",
            "Client and writer µs/event",
            "Events written late, ms: p99 / max",
            "Other load, cores");
    for (int calls : options.numbers("--calls", List.of(300))) {
      for (int walls : options.numbers("--walls", List.of(20))) {
        measure(table, calls, walls);
      }
    }
    table.note(
        options.windowsNote()
            + ". "
            + Numbers.number(rate())
            + " events per second and call, one in "
            + EVENTS_PER_FINAL
            + " a final; CPU per event of any kind delivered to one wall.");
    return table;
  }

  private double rate() {
    return options.decimal("--rate", 2);
  }

  private void measure(Table table, int calls, int walls) {
    NumberedWords words = new NumberedWords();
    try (Loop loop = new Loop("walls");
        InstanceLimit limit = InstanceLimit.of(options);
        Redis redis = Redis.start(workspace, "redis-wall");
        Service gateway =
            Service.start(
                workspace,
                ServiceJar.GATEWAY,
                redis,
                Map.of(
                    "JWT_PUBLIC_KEY", keys.publicKeyPem(),
                    "MAX_SSE_CLIENTS", Integer.toString(walls + 10)),
                options.javaOptions(),
                limit);
        LiveCalls live = new LiveCalls(redis, "wall-", TENANT, calls);
        SseWatchers sockets =
            new SseWatchers(
                loop,
                gateway.port(),
                "/v1/live?lines=2",
                Map.of(
                    "Authorization",
                    "Bearer " + keys.token("transcripts:read", TENANT, Duration.ofHours(6))),
                words)) {
      gateway.awaitReady();
      sockets.open(walls);
      try (FixedRateTask task =
          new FixedRateTask(
              rate() * calls, number -> write(live, (int) (number % calls), number, words))) {
        Workspace.sleep(options.warmup().plus(SETTLE));
        Machine.awaitQuiet(options, redis.process(), gateway.process());
        windows(table, calls, walls, redis, gateway, sockets, task, words);
      }
      live.failOnProblem();
    }
  }

  private static void write(LiveCalls live, int call, long number, NumberedWords words) {
    // Calls finish their segments at different times.
    if ((number / live.count() + call) % EVENTS_PER_FINAL == 0) {
      live.finish(call, words);
    } else {
      live.interim(call, words);
    }
  }

  private void windows(
      Table table,
      int calls,
      int walls,
      Redis redis,
      Service gateway,
      SseWatchers sockets,
      FixedRateTask task,
      NumberedWords words) {
    List<Double> micros = new ArrayList<>();
    List<Double> redisMicros = new ArrayList<>();
    List<Double> clientMicros = new ArrayList<>();
    List<Double> perSecond = new ArrayList<>();
    List<Double> otherLoad = new ArrayList<>();
    Latencies latencies = new Latencies();
    Latencies lateness = new Latencies();
    long resident = 0;
    double shown = 0;
    double due = 0;
    for (int window = 0; window < options.windows(); window++) {
      Machine machine = Machine.watch(redis.process(), gateway.process());
      sockets.swapLatencies();
      task.swapLateness();
      long start = System.nanoTime();
      int written = words.count();
      long events = sockets.events();
      long delivered = sockets.delivered();
      long client = Loop.processCpuNanos();
      long cpu = gateway.process().cpuNanos();
      long redisCpu = redis.process().cpuNanos();
      Workspace.sleep(options.window());
      double count = sockets.events() - events;
      micros.add((gateway.process().cpuNanos() - cpu) / 1e3 / count);
      redisMicros.add((redis.process().cpuNanos() - redisCpu) / 1e3 / (words.count() - written));
      clientMicros.add((Loop.processCpuNanos() - client) / 1e3 / count);
      double seconds = (System.nanoTime() - start) / 1e9;
      perSecond.add(count / seconds);
      shown += sockets.delivered() - delivered;
      due += seconds * rate() * calls * walls;
      latencies.add(sockets.swapLatencies());
      lateness.add(task.swapLateness());
      resident = Math.max(resident, gateway.process().residentBytes());
      otherLoad.add(machine.otherLoad());
    }
    table.row(
        Integer.toString(calls),
        Integer.toString(walls),
        Numbers.spread(micros),
        Numbers.spread(redisMicros),
        Numbers.number(Numbers.median(perSecond)),
        latencies.summary(),
        Numbers.percent(shown / due),
        Numbers.mebibytes(resident),
        Numbers.spread(clientMicros),
        Numbers.percentiles(lateness),
        Numbers.spread(otherLoad));
  }
}
