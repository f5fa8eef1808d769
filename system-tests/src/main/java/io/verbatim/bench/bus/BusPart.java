package io.verbatim.bench.bus;

import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Machine;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.process.ChildProcess;
import io.verbatim.process.ServiceJar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Measures a process that appends 50 frames per second and call, without and with a second process
/// that reads them; and readers of silent calls.
public final class BusPart {
  private static final int FRAMES_PER_SECOND = 50;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Workspace workspace;
  private final Options options;

  public BusPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
  }

  /// Runs the part.
  public Table run() {
    Table table =
        new Table(
            "bus",
            "Calls",
            "Work",
            "Writer µs/frame",
            "Reader µs/frame",
            "Redis µs/frame",
            "Append to reply, ms: p50 / p99 / p99.9 / max",
            "Append to read, ms: p50 / p99 / p99.9 / max",
            "Other load, cores");
    for (int calls : options.numbers("--calls", List.of(20, 100, 300))) {
      measure(table, calls, false);
      measure(table, calls, true);
    }
    idle(table, options.numbers("--calls", List.of(300)).getLast());
    table.note(
        options.windowsNote()
            + ". 50 entries of 320 bytes per second and call, one append per frame,"
            + " evenly spread; latencies of the last window.");
    return table;
  }

  private void measure(Table table, int calls, boolean reading) {
    int rate = calls * FRAMES_PER_SECOND;
    try (Redis redis = Redis.start(workspace, "redis-bus");
        ChildProcess writer =
            start("writer", redis, Integer.toString(calls), Integer.toString(rate));
        ChildProcess reader = reading ? start("reader", redis, Integer.toString(calls)) : null) {
      Workspace.sleep(options.warmup());
      List<Double> writerMicros = new ArrayList<>();
      List<Double> readerMicros = new ArrayList<>();
      List<Double> redisMicros = new ArrayList<>();
      List<Double> otherLoad = new ArrayList<>();
      String appended = "";
      String read = "–";
      for (int window = 0; window < options.windows(); window++) {
        List<ChildProcess> processes = new ArrayList<>(List.of(redis.process(), writer));
        if (reader != null) {
          processes.add(reader);
          summary(reader);
        }
        summary(writer);
        Machine machine = Machine.watch(processes);
        long writerCpu = writer.cpuNanos();
        long readerCpu = cpu(reader);
        long redisCpu = redis.process().cpuNanos();
        Workspace.sleep(options.window());
        writerCpu = writer.cpuNanos() - writerCpu;
        readerCpu = cpu(reader) - readerCpu;
        redisCpu = redis.process().cpuNanos() - redisCpu;
        otherLoad.add(machine.otherLoad());
        String[] line = summary(writer).split(" ", 2);
        double frames = Double.parseDouble(line[0]);
        appended = line[1];
        writerMicros.add(writerCpu / 1e3 / frames);
        readerMicros.add(readerCpu / 1e3 / frames);
        redisMicros.add(redisCpu / 1e3 / frames);
        if (reader != null) {
          read = summary(reader).split(" ", 2)[1];
        }
      }
      table.row(
          Integer.toString(calls),
          reading ? "append and read" : "append",
          Numbers.spread(writerMicros),
          reading ? Numbers.spread(readerMicros) : "–",
          Numbers.spread(redisMicros),
          appended,
          read,
          Numbers.spread(otherLoad));
    }
  }

  private static long cpu(@Nullable ChildProcess process) {
    return process == null ? 0 : process.cpuNanos();
  }

  private void idle(Table table, int calls) {
    try (Redis redis = Redis.start(workspace, "redis-bus-idle");
        ChildProcess reader = start("reader", redis, Integer.toString(calls))) {
      Workspace.sleep(options.warmup());
      long readerCpu = reader.cpuNanos();
      long redisCpu = redis.process().cpuNanos();
      Workspace.sleep(options.window().multipliedBy(2));
      double seconds = options.window().toMillis() * 2 / 1e3;
      table.note(
          String.format(
              Locale.ROOT,
              "%d readers of silent calls: %.1f ms of CPU per second in the reader, %.1f in Redis.",
              calls,
              (reader.cpuNanos() - readerCpu) / 1e6 / seconds,
              (redis.process().cpuNanos() - redisCpu) / 1e6 / seconds));
    }
  }

  private ChildProcess start(String role, Redis redis, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(Service.flags(workspace.root(), ServiceJar.INGEST, options.javaOptions()));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            BusProcess.class.getName(),
            role,
            redis.url()));
    command.addAll(List.of(arguments));
    ChildProcess process =
        ChildProcess.start(
            new ProcessBuilder(command),
            workspace.logs().resolve("bus-" + role + "-" + System.nanoTime() + ".log"));
    Workspace.await(
        "the " + role + " is ready (log: " + process.log() + ")",
        START_LIMIT,
        () -> lines(process).contains("ready"));
    return process;
  }

  private static List<String> lines(ChildProcess process) {
    return process.lastLines().lines().toList();
  }

  /// Requests a process's latencies since the last request: `<count> <p50 / p99 / p99.9 / max>`.
  private static String summary(ChildProcess process) {
    long before = process.logBytes();
    process.send("summary");
    Workspace.await(
        "a bus process answers (log: " + process.log() + ")",
        START_LIMIT,
        () -> process.logBytes() > before && process.lastLines().endsWith("\n"));
    String line = lines(process).getLast();
    if (line.startsWith("problem")) {
      throw new BenchException("The bus failed: " + line);
    }
    return line;
  }
}
