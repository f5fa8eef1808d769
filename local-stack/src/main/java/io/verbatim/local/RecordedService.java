package io.verbatim.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A service in its own process, started from the directory of its image with `start --train`. It
/// records what the JVM loads and compiles, and writes the ahead-of-time cache when it ends.
final class RecordedService implements AutoCloseable {
  /// The cache that the process writes.
  static final String CACHE = "app.aot";

  private static final Duration READY_TIMEOUT = Duration.ofMinutes(2);
  private static final long WRITE_TIMEOUT_SECONDS = 180;
  private static final long POLL_NANOS = 50_000_000;

  private final Path directory;
  private final Process process;
  private final int port;
  private final int managementPort;

  private RecordedService(Path directory, Process process, int port, int managementPort) {
    this.directory = directory;
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /// Starts the service on free ports of 127.0.0.1 and waits until it is ready.
  ///
  /// @param settings its environment
  static RecordedService start(Path directory, Map<String, String> settings) {
    int port = freePort();
    int managementPort = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(directory.resolve("start").toAbsolutePath().toString(), "--train")
            .inheritIO();
    builder.environment().putAll(settings);
    builder.environment().put("PATH", javaHome() + ":" + System.getenv("PATH"));
    builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("MANAGEMENT_PORT", Integer.toString(managementPort));
    try {
      Files.deleteIfExists(directory.resolve(CACHE));
      RecordedService service =
          new RecordedService(directory, builder.start(), port, managementPort);
      service.awaitReady();
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The `java` of this process records the cache, so that no other one on the PATH does.
  private static Path javaHome() {
    return Path.of(System.getProperty("java.home"), "bin");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /// The URL of a path of the service.
  URI http(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /// The URL of its metrics.
  URI metrics() {
    return URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus");
  }

  private void awaitReady() {
    long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (!isReady(client)) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new IllegalStateException(directory + " did not become ready");
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private boolean isReady(HttpClient client) {
    HttpRequest request = HttpRequest.newBuilder(http("/actuator/health/readiness")).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a service starts", e);
    }
  }

  /// Sends SIGTERM without waiting.
  void terminate() {
    process.destroy();
  }

  /// Ends the process and waits until the cache is written.
  ///
  /// @throws IllegalStateException if there is no cache
  @Override
  public void close() {
    terminate();
    try {
      if (!process.waitFor(WRITE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (!Files.isRegularFile(directory.resolve(CACHE))) {
      throw new IllegalStateException(directory.resolve(CACHE) + " was not written");
    }
  }
}
