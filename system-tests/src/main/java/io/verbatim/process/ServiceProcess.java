package io.verbatim.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A service in its own process. Its creator closes it; it also ends with this JVM.
public final class ServiceProcess implements AutoCloseable {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final ChildProcess process;
  private final int port;
  private final int managementPort;

  ServiceProcess(ChildProcess process, int port, int managementPort) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
  }

  /// Takes over a process that was started in another way.
  ///
  /// @param managementPort 0 if it serves no metrics
  public static ServiceProcess of(Process process, int port, int managementPort, Path log) {
    return new ServiceProcess(ChildProcess.of(process, log), port, managementPort);
  }

  /// The path of a program of this JVM's JDK, such as `java` or `jcmd`.
  public static String java(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }

  public ChildProcess process() {
    return process;
  }

  public int port() {
    return port;
  }

  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /// The URL of its metrics.
  public URI metrics() {
    return URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus");
  }

  /// Waits until the service is ready, including its bus.
  ///
  /// @throws IllegalStateException if the process ends first, or `limit` passes
  public void awaitReady(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    HttpRequest ready = HttpRequest.newBuilder(http("/actuator/health/readiness")).build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (!answersOk(client, ready)) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              "the service ended during its start: " + process.lastLines());
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "the service was not ready within "
                  + limit.toSeconds()
                  + " s; see its log "
                  + process.log());
        }
        CompletableFuture.runAsync(
                () -> {},
                CompletableFuture.delayedExecutor(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS))
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
      throw new IllegalStateException("interrupted while waiting for a service to start", e);
    }
  }

  /// Sends SIGTERM, and kills the process if it does not end within 10 s.
  @Override
  public void close() {
    process.close();
  }
}
