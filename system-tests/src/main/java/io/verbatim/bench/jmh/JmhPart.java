package io.verbatim.bench.jmh;

import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Options;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs the JMH benchmarks with C1 alone, as in the Dockerfiles, and with C2.
public final class JmhPart {
  private final Options options;

  public JmhPart(Options options) {
    this.options = options;
  }

  /// Runs the benchmarks with names that match `--filter`.
  public Table run() {
    Table table = new Table("jmh", "Benchmark", "JIT", "ns/op", "± ns", "Allocated B/op");
    run(table, "C1", "-XX:TieredStopAtLevel=1");
    run(table, "C2", "-XX:TieredStopAtLevel=4");
    table.note(
        "One fork, "
            + options.windows()
            + " iterations of "
            + options.window().toMillis() / 1000.0
            + " s; ± is JMH's 99.9 % interval.");
    return table;
  }

  private void run(Table table, String jit, String flag) {
    TimeValue window = TimeValue.milliseconds(options.window().toMillis());
    org.openjdk.jmh.runner.options.Options jmh =
        new OptionsBuilder()
            .include(options.text("--filter").orElse("io.verbatim"))
            .forks(1)
            .warmupIterations(2)
            .warmupTime(window)
            .measurementIterations(Math.max(2, options.windows()))
            .measurementTime(window)
            .addProfiler(GCProfiler.class)
            .jvmArgs(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                flag)
            .build();
    try {
      report(table, jit, new Runner(jmh).run());
    } catch (RunnerException e) {
      throw new BenchException("JMH failed: " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("rawtypes") // JMH's own signature of the secondary results
  private static void report(Table table, String jit, Collection<RunResult> results) {
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      Result<?> score = result.getPrimaryResult();
      double allocated =
          result.getSecondaryResults().entrySet().stream()
              .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
              .mapToDouble(entry -> entry.getValue().getScore())
              .findFirst()
              .orElse(Double.NaN);
      String simple = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
      table.row(
          simple,
          jit,
          Numbers.number(score.getScore()),
          Numbers.number(score.getScoreError()),
          Numbers.number(allocated));
    }
  }
}
