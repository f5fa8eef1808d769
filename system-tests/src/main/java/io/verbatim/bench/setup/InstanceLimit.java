package io.verbatim.bench.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Limits the CPU time and the memory of processes as a container does, with control groups of
/// version 2 or, if the machine has none, version 1. The JVM detects the limits as in a container.
/// The creator closes the limit after the processes have ended.
public final class InstanceLimit implements AutoCloseable {
  private static final long PERIOD_MICROS = 100_000;
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final List<Path> groups = new ArrayList<>();

  private InstanceLimit() {}

  /// The limit of `--cpus`; null without that option.
  public static @Nullable InstanceLimit of(Options options) {
    return options.has("--cpus") ? of(options.decimal("--cpus", 1)) : null;
  }

  /// A limit of the CPU time to a number of processors, such as 0.5.
  public static InstanceLimit of(double cpus) {
    return of("all", cpus, 0);
  }

  /// A limit of the CPU time and the memory.
  ///
  /// @param name unique among the limits of one run
  /// @param cpus number of processors
  /// @param memoryBytes 0 for no limit
  public static InstanceLimit of(String name, double cpus, long memoryBytes) {
    String quota = Long.toString(Math.round(cpus * PERIOD_MICROS));
    String group = "verbatim-bench-" + ProcessHandle.current().pid() + "-" + name;
    InstanceLimit limit = new InstanceLimit();
    try {
      if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
        Path both = limit.createGroup(ROOT.resolve(group));
        Files.writeString(both.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
        if (memoryBytes > 0) {
          Files.writeString(both.resolve("memory.max"), Long.toString(memoryBytes));
        }
        return limit;
      }
      Path cpu = limit.createGroup(ROOT.resolve("cpu").resolve(group));
      Files.writeString(cpu.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
      Files.writeString(cpu.resolve("cpu.cfs_quota_us"), quota);
      if (memoryBytes > 0) {
        Path memory = limit.createGroup(ROOT.resolve("memory").resolve(group));
        Files.writeString(memory.resolve("memory.limit_in_bytes"), Long.toString(memoryBytes));
      }
      return limit;
    } catch (IOException e) {
      limit.close();
      throw new BenchException(
          "A limit needs a writable control group below "
              + ROOT
              + ". Run as root, or without --cpus.",
          e);
    }
  }

  private Path createGroup(Path path) throws IOException {
    Files.createDirectories(path);
    groups.add(path);
    return path;
  }

  /// A command that runs `command` with the limits in effect from its start.
  List<String> wrap(List<String> command) {
    List<String> wrapped = command;
    for (Path group : groups) {
      List<String> entered =
          new ArrayList<>(
              List.of(
                  "/bin/sh",
                  "-c",
                  "echo $$ > \"$0\" && exec \"$@\"",
                  group.resolve("cgroup.procs").toString()));
      entered.addAll(wrapped);
      wrapped = entered;
    }
    return wrapped;
  }

  @Override
  public void close() {
    for (Path group : groups) {
      try {
        Files.deleteIfExists(group);
      } catch (IOException e) {
        System.err.println("Control group " + group + " cannot be removed: " + e.getMessage());
      }
    }
  }
}
