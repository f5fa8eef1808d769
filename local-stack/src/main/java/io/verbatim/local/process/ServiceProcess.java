package io.verbatim.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A service that runs as a process of ours. Whoever starts it closes it; it also ends with this
/// JVM.
public final class ServiceProcess implements AutoCloseable {
  private static final Duration STOPPING_TAKES_AT_MOST = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Process process;
  private final int port;
  private final int managementPort;
  private final Path log;
  private final Thread atExit;

  ServiceProcess(Process process, int port, int managementPort, Path log) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    this.log = log;
    this.atExit = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  public long pid() {
    return process.pid();
  }

  public int port() {
    return port;
  }

  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /// Where its meters are.
  public URI metrics() {
    return URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus");
  }

  /// Waits until the service is ready to work, its bus included.
  ///
  /// @throws IllegalStateException when it ends before that, or takes longer than `limit`
  public void awaitReady(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    HttpRequest ready = HttpRequest.newBuilder(http("/actuator/health/readiness")).build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (!answersOk(client, ready)) {
        if (!process.isAlive()) {
          throw new IllegalStateException("a service ended at its start; its log is " + log);
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("a service was not ready in time; its log is " + log);
        }
        CompletableFuture.runAsync(
                () -> {},
                CompletableFuture.delayedExecutor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS))
            .join();
      }
    }
  }

  private static boolean answersOk(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a service started", e);
    }
  }

  /// The memory it holds now, in bytes; 0 where this system does not say.
  public long residentBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1024)
          .sum();
    } catch (IOException _) {
      return 0;
    }
  }

  /// Ends it as a crash would: `kill -9`.
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
    forgetExitHook();
  }

  /// Sends it a signal by name, such as `STOP` or `CONT`.
  public void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a signal was sent", e);
    }
  }

  /// Asks it to end, and ends it where it does not.
  @Override
  public void close() {
    stop(STOPPING_TAKES_AT_MOST);
  }

  /// Asks it to end (SIGTERM), and ends it where it has not after `patience`.
  ///
  /// @return whether it ended by itself
  public boolean stop(Duration patience) {
    process.destroy();
    boolean ended = false;
    try {
      ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      kill();
    }
    forgetExitHook();
    return ended;
  }

  private void forgetExitHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM is ending: the hook has nothing left to end.
    }
  }
}
