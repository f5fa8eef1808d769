package io.verbatim.bench.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Limits the processor time of the processes started through it, as a container's limit does: a
/// control group with a quota per 100 ms (version 2 or 1, whichever is writable). The JVM inside
/// sees the limit, as it does in a container. Its creator closes it, after the processes.
public final class CpuLimit implements AutoCloseable {
  private static final long PERIOD_MICROS = 100_000;
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path group;

  private CpuLimit(Path group) {
    this.group = group;
  }

  /// The limit `--cpus` asks for; null without that option.
  public static @Nullable CpuLimit of(Options options) {
    return options.has("--cpus") ? of(options.decimal("--cpus", 1)) : null;
  }

  /// So many processors at most, such as 0.5.
  public static CpuLimit of(double cpus) {
    String quota = Long.toString(Math.round(cpus * PERIOD_MICROS));
    String name = "verbatim-bench-" + ProcessHandle.current().pid();
    boolean second = Files.exists(ROOT.resolve("cgroup.controllers"));
    Path group = (second ? ROOT : ROOT.resolve("cpu")).resolve(name);
    try {
      Files.createDirectories(group);
      if (second) {
        Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
      } else {
        Files.writeString(group.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
        Files.writeString(group.resolve("cpu.cfs_quota_us"), quota);
      }
    } catch (IOException e) {
      throw new BenchException(
          "--cpus needs a writable control group below " + ROOT + ": run as root, or without it.",
          e);
    }
    return new CpuLimit(group);
  }

  /// The command that runs `command` within the limit from its first instruction on.
  List<String> wrap(List<String> command) {
    List<String> wrapped =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                group.resolve("cgroup.procs").toString()));
    wrapped.addAll(command);
    return wrapped;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(group);
    } catch (IOException e) {
      System.err.println("The control group " + group + " is left behind: " + e.getMessage());
    }
  }
}
