package io.verbatim.bench.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The processor time that is not the benchmark's own: other programs of the machine, and what the
/// host takes from a virtual machine. Where it is more than a little, a window is not worth much.
public final class Machine {
  private static final long NANOS_PER_TICK = 10_000_000;

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
