package io.verbatim.bench.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process the benchmark started, with what the kernel says about it. Its creator closes it; it
/// also ends with this JVM.
public final class MeasuredProcess implements AutoCloseable {
  private static final long NANOS_PER_TICK = 10_000_000;

  /// A JVM that writes an AOT cache does so at its end, and takes its time.
  private static final int STOP_SECONDS = 60;

  private static final int SHOWN_CHARACTERS = 1000;

  private final Process process;
  private final Path log;
  private final Thread atExit;

  private MeasuredProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.atExit = Thread.ofPlatform().unstarted(() -> end(process));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Starts it; its output is appended to `log`.
  public static MeasuredProcess start(ProcessBuilder builder, Path log) {
    try {
      return new MeasuredProcess(
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /// The size of its log.
  public long logBytes() {
    return log.toFile().length();
  }

  /// The last lines of its log.
  public String lastLines() {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - SHOWN_CHARACTERS));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Processor time of the process and its children since they started, in nanoseconds, in steps of
  /// 10 ms.
  public long cpuNanos() {
    return pids().stream().mapToLong(MeasuredProcess::cpuNanos).sum();
  }

  /// Resident memory of the process and its children, in bytes.
  public long residentBytes() {
    return pids().stream().mapToLong(MeasuredProcess::residentBytes).sum();
  }

  /// Resident memory that no other process shares, in bytes: what one more process would need.
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
      throw new BenchException("Process " + pid + " ended while it was measured.", e);
    }
  }

  private static long residentBytes(long pid) {
    return sumOf(Path.of("/proc/" + pid + "/status"), "VmRSS:");
  }

  private static long sumOf(Path file, String prefix) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(prefix))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1024)
          .sum();
    } catch (IOException e) {
      throw new BenchException("Cannot read " + file + ".", e);
    }
  }

  /// Writes a line to the process.
  public void send(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends SIGTERM, and SIGKILL when the process has not ended after a minute.
  @Override
  public void close() {
    end(process);
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM is exiting, and the hook ends the process.
    }
  }

  private static void end(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
