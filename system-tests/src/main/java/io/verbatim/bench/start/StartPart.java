package io.verbatim.bench.start;

import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.InstanceLimit;
import io.verbatim.bench.setup.JavaOptions;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.ServiceJar;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures the start of each service from its jar, and again with `--image` or `--java-options`.
public final class StartPart {
  private static final Duration SECOND_SAMPLE_DELAY = Duration.ofSeconds(5);

  private final Workspace workspace;
  private final Options options;
  private final LocalKeys keys = new LocalKeys(InstantSource.system());

  public StartPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
  }

  /// Runs the part.
  public Table run() {
    Table table =
        new Table(
            "start",
            "Service",
            "Started from",
            "Seconds to ready",
            "CPU seconds to ready",
            "CPU seconds 5 s later",
            "RSS MB at ready",
            "RSS MB 5 s later");
    List<ServiceJar> kinds =
        options
            .text("--service")
            .map(names -> Arrays.stream(names.split(",", -1)).map(StartPart::service).toList())
            .orElse(List.of(ServiceJar.values()));
    try (Redis redis = Redis.start(workspace, "redis-start");
        InstanceLimit limit = InstanceLimit.of(options)) {
      for (ServiceJar kind : kinds) {
        measure(table, kind, redis, limit, JavaOptions.NONE, "jar");
        JavaOptions given = options.javaOptions();
        if (!given.equals(JavaOptions.NONE)) {
          String started = given.image() ? "image, with AOT cache" : "jar";
          measure(table, kind, redis, limit, given, (started + " " + given.flags()).strip());
        }
      }
    }
    table.note(
        "Medians of "
            + options.windows()
            + " starts (min–max), Redis running; ready means 200 at /actuator/health/readiness"
            + (options.has("--cpus")
                ? "; at most " + options.decimal("--cpus", 1) + " processors."
                : "."));
    return table;
  }

  private void measure(
      Table table,
      ServiceJar kind,
      Redis redis,
      @Nullable InstanceLimit limit,
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
        Workspace.sleep(SECOND_SAMPLE_DELAY);
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

  private static ServiceJar service(String module) {
    return ServiceJar.of(module)
        .orElseThrow(() ->
            new BenchException(
                "Service \""
                    + module
                    + "\" is unknown: use ingest-service, asr-worker or transcript-gateway."));
  }

  private Map<String, String> settings(ServiceJar kind) {
    return switch (kind) {
      case INGEST -> Map.of("SUPPORT_EXOTEL", "true", "EXOTEL_PATH_TOKEN", "bench");
      case WORKER -> Map.of("DEEPGRAM_API_KEY", "bench", "DEEPGRAM_URL", "ws://127.0.0.1:1");
      case GATEWAY -> Map.of("JWT_PUBLIC_KEY", keys.publicKeyPem());
    };
  }
}
