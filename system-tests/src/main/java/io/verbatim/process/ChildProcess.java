package io.verbatim.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that this JVM started, with its CPU time and memory. Its creator closes it; it also
/// ends with this JVM.
public final class ChildProcess implements AutoCloseable {
  /// Linux reports CPU times in ticks of 10 ms.
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_LOG_CHARACTERS = 1000;

  private final Process process;
  private final Path log;
  private final Thread atExit;

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.atExit = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Starts a process; its output is appended to `log`.
  public static ChildProcess start(ProcessBuilder builder, Path log) {
    try {
      return new ChildProcess(
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes over a process that was started in another way; its output is in `log`.
  public static ChildProcess of(Process process, Path log) {
    return new ChildProcess(process, log);
  }

  public long pid() {
    return process.pid();
  }

  public Path log() {
    return log;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// The size of the log, in bytes.
  public long logBytes() {
    return log.toFile().length();
  }

  /// The end of the log, at most 1000 characters.
  public String lastLines() {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - MAX_LOG_CHARACTERS));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// CPU time of the process and its children since their start, in nanoseconds, with a resolution
  /// of 10 ms.
  ///
  /// @throws IllegalStateException if the process has ended
  public long cpuNanos() {
    return pids().stream().mapToLong(ChildProcess::cpuNanos).sum();
  }

  /// Resident memory of the process and its children, in bytes; 0 if the system does not report it.
  public long residentBytes() {
    return pids().stream()
        .mapToLong(pid -> sumOf(Path.of("/proc/" + pid + "/status"), "VmRSS:"))
        .sum();
  }

  /// The most resident memory that the process and its children have had so far, in bytes; 0 if the
  /// system does not report it.
  public long peakResidentBytes() {
    return pids().stream()
        .mapToLong(pid -> sumOf(Path.of("/proc/" + pid + "/status"), "VmHWM:"))
        .sum();
  }

  /// Resident memory that is not shared with other processes, in bytes; 0 if the system does not
  /// report it.
  public long privateBytes() {
    return pids().stream()
        .mapToLong(pid -> sumOf(Path.of("/proc/" + pid + "/smaps_rollup"), "Private_"))
        .sum();
  }

  private List<Long> pids() {
    List<Long> pids = new ArrayList<>(List.of(process.pid()));
    process.descendants().forEach(child -> pids.add(child.pid()));
    return pids;
  }

  private static long cpuNanos(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
    } catch (IOException e) {
      throw new IllegalStateException("process " + pid + " ended during a measurement", e);
    }
  }

  private static long sumOf(Path file, String prefix) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(prefix))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1024)
          .sum();
    } catch (IOException _) {
      return 0;
    }
  }

  /// Writes a line to the process's standard input.
  public void send(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a signal by name, such as `STOP` or `CONT`.
  public void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending a signal", e);
    }
  }

  /// Ends the process with `kill -9`, as a crash would.
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
    removeExitHook();
  }

  /// Sends SIGTERM, and kills the process if it does not end within 10 s.
  @Override
  public void close() {
    stop(STOP_TIMEOUT);
  }

  /// Sends SIGTERM, and kills the process if it does not end within `timeout`. Its children end
  /// with it.
  ///
  /// @return whether it ended without a kill
  public boolean stop(Duration timeout) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    boolean ended = false;
    try {
      ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      kill();
    }
    children.forEach(ProcessHandle::destroyForcibly);
    removeExitHook();
    return ended;
  }

  private void removeExitHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM is ending and runs the hook.
    }
  }
}
