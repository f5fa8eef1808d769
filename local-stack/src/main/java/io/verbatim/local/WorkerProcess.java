package io.verbatim.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A worker in its own process, which can be killed. It also ends when this process ends for any
/// reason.
final class WorkerProcess implements AutoCloseable {
  private static final Path JAR = Path.of("asr-worker", "target", "asr-worker.jar");

  private final String name;
  private final Process worker;
  private final Process guard;
  private final CompletableFuture<Void> consuming = new CompletableFuture<>();
  private final CompletableFuture<WorkerProcess> sessionOpened = new CompletableFuture<>();

  private WorkerProcess(String name, Process worker, Process guard) {
    this.name = name;
    this.worker = worker;
    this.guard = guard;
  }

  /// Starts the worker's jar on a free port of 127.0.0.1.
  ///
  /// @param settings environment variables of the worker
  static WorkerProcess start(String name, Map<String, String> settings) {
    if (!Files.isRegularFile(JAR)) {
      throw new IllegalStateException(JAR + " is missing: start with ./run, which builds it");
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dserver.address=127.0.0.1",
                "-jar",
                JAR.toString()));
    builder.environment().putAll(settings);
    builder.environment().put("PORT", "0");
    builder.redirectErrorStream(true);
    try {
      Process worker = builder.start();
      WorkerProcess process = new WorkerProcess(name, worker, guard(worker.pid()));
      Thread.ofVirtual().name(name + "-output").start(process::readOutput);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a shell that kills the worker at the end of its input. The input ends when this JVM
  /// ends for any reason.
  private static Process guard(long pid) throws IOException {
    return new ProcessBuilder("/bin/sh", "-c", "read _; kill -9 " + pid + " 2>/dev/null").start();
  }

  private void readOutput() {
    try (BufferedReader output = worker.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        RunLog.append(name + " " + line);
        if (line.contains("calls.consuming")) {
          consuming.complete(null);
        } else if (line.contains("recognizer.opened")) {
          sessionOpened.complete(this);
        }
      }
    } catch (IOException e) {
      // The process has ended; the futures fail below.
    }
    IllegalStateException ended = new IllegalStateException(name + " ended");
    consuming.completeExceptionally(ended);
    sessionOpened.completeExceptionally(ended);
  }

  /// Completes when the worker accepts calls.
  CompletableFuture<Void> consuming() {
    return consuming;
  }

  /// Completes when the worker opens its first recogniser session.
  CompletableFuture<WorkerProcess> sessionOpened() {
    return sessionOpened;
  }

  /// For messages, such as `worker 1 (process 4711)`.
  String description() {
    return "%s (process %d)".formatted(name, worker.pid());
  }

  /// Ends the process with `kill -9`, as a crash would.
  void kill() {
    worker.destroyForcibly();
  }

  @Override
  public void close() {
    worker.destroyForcibly().onExit().join();
    guard.destroyForcibly();
  }
}
