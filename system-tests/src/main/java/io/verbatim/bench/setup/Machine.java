package io.verbatim.bench.setup;

import io.verbatim.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Measures the CPU time used by others: other programs on the machine, and time stolen by the host
/// of a virtual machine. A window with much of it is unreliable.
public final class Machine {
  private static final long NANOS_PER_TICK = 10_000_000;
  private static final double QUIET_LOAD = 0.14;
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private final List<ChildProcess> processes;
  private final long startNanos = System.nanoTime();
  private final long startBusy = busyNanos();
  private final long startOwn;

  private Machine(List<ChildProcess> processes) {
    this.processes = processes;
    this.startOwn = ownNanos();
  }

  /// Starts a measurement; the given processes and this JVM belong to the benchmark.
  public static Machine watch(ChildProcess... processes) {
    return new Machine(List.of(processes));
  }

  /// Starts a measurement; the given processes and this JVM belong to the benchmark.
  public static Machine watch(List<ChildProcess> processes) {
    return new Machine(List.copyOf(processes));
  }

  /// Waits until others use less than 0.14 processors, for at most `--quiet` seconds. Does not wait
  /// without that option.
  public static void awaitQuiet(Options options, ChildProcess... processes) {
    long deadline = System.nanoTime() + options.number("--quiet", 0) * 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      Machine machine = watch(processes);
      Workspace.sleep(CHECK_INTERVAL);
      if (machine.otherLoad() < QUIET_LOAD) {
        return;
      }
    }
  }

  /// The average number of processors used by others since the start.
  public double otherLoad() {
    double others = (busyNanos() - startBusy) - (double) (ownNanos() - startOwn);
    return Math.max(0, others / (System.nanoTime() - startNanos));
  }

  private long ownNanos() {
    return Loop.processCpuNanos() + processes.stream().mapToLong(ChildProcess::cpuNanos).sum();
  }

  private static long busyNanos() {
    try {
      String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1);
      long ticks = 0;
      // user nice system idle iowait irq softirq steal
      for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
        ticks += Long.parseLong(fields[field]);
      }
      return ticks * NANOS_PER_TICK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
