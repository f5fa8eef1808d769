package io.verbatim.bench.database;

import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
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
import io.verbatim.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/// Measures the live words of calls in three windows: with a database, while Postgres is killed,
/// and after its restart. In each window as many calls begin and end. Afterwards each call must be
/// archived once, and the usage must equal the ledgers.
public final class DatabasePart {
  private static final String TENANT = "bench";
  private static final int EVENTS_PER_FINAL = 4;
  private static final int LINES_OF_ENDING_CALL = 5;
  private static final int DEFAULT_SECONDS = 60;
  private static final Duration ARCHIVE_LIMIT = Duration.ofMinutes(3);

  private final Workspace workspace;
  private final Options options;
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final int calls;
  private int ended;

  public DatabasePart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
    this.calls = options.number("--calls", 20);
  }

  /// Runs the part.
  public Table run() {
    Table table =
        new Table(
            "database",
            "Postgres",
            "Live calls",
            "Calls that began and ended",
            "Words delivered",
            "Written to received, ms: p50 / p99 / p99.9 / max",
            "Events written late, ms: p99 / max",
            "Other load, cores");
    NumberedWords words = new NumberedWords();
    try (PostgresServer postgres = PostgresServer.startDurable();
        Loop loop = new Loop("watchers");
        Redis redis = Redis.start(workspace, "redis-database");
        Service gateway =
            Service.start(
                workspace,
                ServiceJar.GATEWAY,
                redis,
                Map.of(
                    "JWT_PUBLIC_KEY", keys.publicKeyPem(),
                    "DATABASE_URL", postgres.create().url()),
                options.javaOptions(),
                null)) {
      gateway.awaitReady();
      measure(table, postgres, loop, redis, gateway, words);
      new RecordCheck(gateway, token()).check(table, ended);
    }
    return table;
  }

  private String token() {
    return keys.token("transcripts:read usage:read", TENANT, Duration.ofHours(6));
  }

  private void measure(
      Table table,
      PostgresServer postgres,
      Loop loop,
      Redis redis,
      Service gateway,
      NumberedWords words) {
    int watchers = options.number("--watchers", 5);
    try (LiveCalls live = new LiveCalls(redis, "live-", TENANT, calls);
        SseWatchers sockets =
            new SseWatchers(
                loop,
                gateway.port(),
                "/v1/live?lines=2",
                Map.of("Authorization", "Bearer " + token()),
                words)) {
      sockets.open(watchers);
      try (FixedRateTask task =
          new FixedRateTask(
              options.decimal("--rate", 2) * calls,
              number -> write(live, (int) (number % calls), number, words))) {
        Workspace.sleep(options.warmup());
        Machine.awaitQuiet(options, redis.process(), gateway.process());
        Window window = new Window(table, redis, gateway, sockets, task, words, watchers);
        window.measure("running");
        postgres.kill();
        window.measure("killed");
        postgres.restart();
        window.measure("running again");
      }
      live.failOnProblem();
    }
    ended += calls;
    Workspace.await(
        ended + " calls are archived",
        ARCHIVE_LIMIT,
        () -> gateway.metric("verbatim_gateway_archived_calls_total", "") >= ended);
  }

  private static void write(LiveCalls live, int call, long number, NumberedWords words) {
    if ((number / live.count() + call) % EVENTS_PER_FINAL == 0) {
      live.finish(call, words);
    } else {
      live.interim(call, words);
    }
  }

  /// One window of load.
  private final class Window {
    private final Table table;
    private final Redis redis;
    private final Service gateway;
    private final SseWatchers sockets;
    private final FixedRateTask task;
    private final NumberedWords words;
    private final int watchers;
    private final Duration length =
        Duration.ofMillis(Math.round(options.decimal("--seconds", DEFAULT_SECONDS) * 1000));

    Window(
        Table table,
        Redis redis,
        Service gateway,
        SseWatchers sockets,
        FixedRateTask task,
        NumberedWords words,
        int watchers) {
      this.table = table;
      this.redis = redis;
      this.gateway = gateway;
      this.sockets = sockets;
      this.task = task;
      this.words = words;
      this.watchers = watchers;
    }

    void measure(String postgres) {
      Machine machine = Machine.watch(redis.process(), gateway.process());
      sockets.swapLatencies();
      task.swapLateness();
      int written = words.count();
      long delivered = sockets.delivered();
      try (LiveCalls ending = new LiveCalls(redis, "ending-%d-".formatted(ended), TENANT, calls)) {
        for (int line = 0; line < LINES_OF_ENDING_CALL; line++) {
          for (int call = 0; call < calls; call++) {
            ending.finish(call, words);
          }
          Workspace.sleep(length.dividedBy(2L * LINES_OF_ENDING_CALL));
        }
        ending.failOnProblem();
      }
      ended += calls;
      Workspace.sleep(length.dividedBy(2));
      double due = (double) (words.count() - written) * watchers;
      Latencies latencies = sockets.swapLatencies();
      table.row(
          postgres,
          Integer.toString(calls),
          Integer.toString(calls),
          Numbers.percent((sockets.delivered() - delivered) / due),
          latencies.summary(),
          Numbers.percentiles(task.swapLateness()),
          Numbers.number(machine.otherLoad()));
    }
  }
}
