package io.verbatim.bench.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The processor time that is not the benchmark's own: other programs of the machine, and what the
/// host takes from a virtual machine. Where it is more than a little, a window is not worth much.
public final class Machine {
  private static final long NANOS_PER_TICK = 10_000_000;
  private static final double QUIET_LOAD = 0.14;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final List<MeasuredProcess> processes;
  private final long startNanos = System.nanoTime();
  private final long startBusy = busyNanos();
  private final long startOwn;

  private Machine(List<MeasuredProcess> processes) {
    this.processes = processes;
    this.startOwn = ownNanos();
  }

  /// Begins to watch; these processes and this JVM are the benchmark's.
  public static Machine watch(MeasuredProcess... processes) {
    return new Machine(List.of(processes));
  }

  /// Begins to watch; these processes and this JVM are the benchmark's.
  public static Machine watch(List<MeasuredProcess> processes) {
    return new Machine(List.copyOf(processes));
  }

  /// Waits until other programs use less than a seventh of a processor, for as long as `--quiet`
  /// says; not at all without it.
  public static void awaitQuiet(Options options, MeasuredProcess... processes) {
    long deadline = System.nanoTime() + options.number("--quiet", 0) * 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      Machine machine = watch(processes);
      Workspace.sleep(LOOK);
      if (machine.otherLoad() < QUIET_LOAD) {
        return;
      }
    }
  }

  /// How many processors others have used since it began to watch.
  public double otherLoad() {
    double others = (busyNanos() - startBusy) - (double) (ownNanos() - startOwn);
    return Math.max(0, others / (System.nanoTime() - startNanos));
  }

  private long ownNanos() {
    return Loop.processCpuNanos() + processes.stream().mapToLong(MeasuredProcess::cpuNanos).sum();
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
