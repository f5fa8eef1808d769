package io.verbatim.bench.start;

import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.CpuLimit;
import io.verbatim.bench.setup.JavaOptions;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.local.auth.LocalKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Starts each jar several times with the Dockerfile's flags, and again with `--java-options`.
public final class StartPart {
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  private final Workspace workspace;
  private final Options options;
  private final LocalKeys keys = new LocalKeys(InstantSource.system());

  public StartPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
  }

  /// Runs it.
  public Table run() {
    Table table =
        new Table(
            "start",
            "Service",
            "JVM options",
            "Seconds to ready",
            "CPU seconds to ready",
            "CPU seconds 5 s later",
            "RSS MB at ready",
            "RSS MB 5 s later");
    List<Service.Kind> kinds =
        options
            .text("--service")
            .map(names -> Arrays.stream(names.split(",", -1)).map(Service.Kind::of).toList())
            .orElse(List.of(Service.Kind.values()));
    try (Redis redis = Redis.start(workspace, "redis-start");
        CpuLimit limit = CpuLimit.of(options)) {
      for (Service.Kind kind : kinds) {
        measure(table, kind, redis, limit, JavaOptions.NONE, "Dockerfile");
        JavaOptions given = options.javaOptions();
        if (!given.equals(JavaOptions.NONE)) {
          measure(
              table,
              kind,
              redis,
              limit,
              given,
              "Dockerfile, " + given.flags() + (given.extracted() ? " (jar extracted)" : ""));
        }
      }
    }
    table.note(
        "Medians of "
            + options.windows()
            + " starts (least–most), Redis running; ready is 200 at /actuator/health/readiness"
            + (options.has("--cpus")
                ? "; at most " + options.decimal("--cpus", 1) + " processors."
                : "."));
    return table;
  }

  private void measure(
      Table table,
      Service.Kind kind,
      Redis redis,
      @Nullable CpuLimit limit,
      JavaOptions javaOptions,
      String label) {
    List<Double> seconds = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    List<Double> cpuLater = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    List<Double> residentLater = new ArrayList<>();
    for (int start = 0; start < options.windows(); start++) {
      try (Service service =
          Service.start(workspace, kind, redis, settings(kind), javaOptions, limit)) {
        seconds.add(service.awaitReady().toMillis() / 1e3);
        cpu.add(service.process().cpuNanos() / 1e9);
        resident.add(service.process().residentBytes() / 1048576.0);
        Workspace.sleep(AFTERWARDS);
        cpuLater.add(service.process().cpuNanos() / 1e9);
        residentLater.add(service.process().residentBytes() / 1048576.0);
      }
    }
    table.row(
        kind.module(),
        label,
        Numbers.spread(seconds),
        Numbers.spread(cpu),
        Numbers.spread(cpuLater),
        Numbers.spread(resident),
        Numbers.spread(residentLater));
  }

  private Map<String, String> settings(Service.Kind kind) {
    return switch (kind) {
      case INGEST -> Map.of("SUPPORT_EXOTEL", "true", "EXOTEL_PATH_TOKEN", "bench");
      case WORKER -> Map.of("DEEPGRAM_API_KEY", "bench", "DEEPGRAM_URL", "ws://127.0.0.1:1");
      case GATEWAY -> Map.of("JWT_PUBLIC_KEY", keys.publicKeyPem());
    };
  }
}
