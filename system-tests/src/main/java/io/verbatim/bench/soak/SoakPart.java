package io.verbatim.bench.soak;

import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.pipeline.PipelineResult;
import io.verbatim.bench.pipeline.PipelineStack;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.InstanceLimit;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.process.ServiceJar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs calls in rounds of a minute: all calls of a round end and new ones begin, each with a
/// watcher, and more watchers come and go. Every call is checked, and the resident memory of each
/// service must be flat after the warm-up.
public final class SoakPart {
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int WINDOWS = 5;
  private static final long LIMIT_BYTES = 512L << 20;

  private final Workspace workspace;
  private final Options options;

  public SoakPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
  }

  /// Runs the part. The table reports a failure if a call is not exact or a curve is not flat.
  public Table run() {
    Table table =
        new Table(
            "soak",
            "Minute",
            "RSS MB: ingest, worker, gateway",
            "µs/frame: ingest, worker, gateway",
            "Calls exact");
    int calls = options.number("--calls", 100);
    double cpus = options.decimal("--cpus", 0.5);
    Duration length = Duration.ofMinutes(options.number("--minutes", 30));
    Map<ServiceJar, List<Long>> curves = new EnumMap<>(ServiceJar.class);
    Map<ServiceJar, InstanceLimit> limits = limits(cpus, table);
    try (PipelineStack stack =
        new PipelineStack(
            workspace, 2 * calls, options.javaOptions(), limits, options.redisDelay())) {
      long begin = System.nanoTime();
      int exact = 0;
      int played = 0;
      while (System.nanoTime() - begin < length.toNanos()) {
        PipelineResult result = stack.run(calls, SETTLE, WINDOWS, WINDOW, calls / 5);
        for (ServiceJar kind : ServiceJar.values()) {
          curves.computeIfAbsent(kind, _ -> new ArrayList<>()).add(result.residentBytes(kind));
        }
        exact += result.exactCalls();
        played += calls;
        row(table, Duration.ofNanos(System.nanoTime() - begin), result, calls);
        if (!result.isExact()) {
          table.failure("a round is not exact: " + result.summary());
        } else if (!result.isSound()) {
          table.note("sessions replaced in a round: " + result.summary());
        }
      }
      table.note("%d of %d calls exact".formatted(exact, played));
    } finally {
      limits.values().forEach(InstanceLimit::close);
    }
    curves.forEach((kind, values) -> judge(table, kind, new Curve(values)));
    table.note(
        "%d calls at a time, in rounds of about a minute; %s processors and 512 MB per service"
            .formatted(calls, Numbers.number(cpus)));
    return table;
  }

  /// One limit for each service; none where control groups cannot be written.
  private static Map<ServiceJar, InstanceLimit> limits(double cpus, Table table) {
    Map<ServiceJar, InstanceLimit> limits = new EnumMap<>(ServiceJar.class);
    try {
      for (ServiceJar kind : ServiceJar.values()) {
        limits.put(kind, InstanceLimit.of(kind.module(), cpus, LIMIT_BYTES));
      }
    } catch (BenchException notAllowed) {
      limits.values().forEach(InstanceLimit::close);
      limits.clear();
      table.note("Without limits, only measured: " + notAllowed.getMessage());
    }
    return limits;
  }

  private static void row(Table table, Duration time, PipelineResult result, int calls) {
    List<String> memory = new ArrayList<>();
    List<String> micros = new ArrayList<>();
    for (ServiceJar kind : ServiceJar.values()) {
      memory.add(Numbers.mebibytes(result.residentBytes(kind)));
      micros.add(Numbers.number(result.microsPerFrame(kind)));
    }
    table.row(
        Numbers.number(time.toSeconds() / 60.0),
        String.join(", ", memory),
        String.join(", ", micros),
        result.exactCalls() + " of " + calls);
  }

  private static void judge(Table table, ServiceJar kind, Curve curve) {
    String growth = String.format(Locale.ROOT, "%+.1f %%", curve.growth() * 100);
    String text =
        "%s: at most %s MB, last third against the second %s"
            .formatted(kind.module(), Numbers.mebibytes(curve.highest()), growth);
    if (curve.isFlat() && curve.highest() <= LIMIT_BYTES) {
      table.note(text + ": flat");
    } else {
      table.failure(text + ": not flat, or above 512 MB");
    }
  }
}
