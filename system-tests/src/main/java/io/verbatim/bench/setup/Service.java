package io.verbatim.bench.setup;

import io.verbatim.process.ChildProcess;
import io.verbatim.process.ServiceImage;
import io.verbatim.process.ServiceJar;
import io.verbatim.process.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A service's process that is measured. Its creator closes it.
public final class Service implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);

  /// Allows a JVM to write its AOT cache at its end.
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final ServiceProcess process;
  private final long startedNanos;

  private Service(ServiceProcess process, long startedNanos) {
    this.process = process;
    this.startedNanos = startedNanos;
  }

  /// Starts a jar on free ports of 127.0.0.1.
  ///
  /// @param settings environment variables, as an operator sets them
  /// @param javaOptions further options of the JVM
  /// @param limit of its CPU time; null for none
  public static Service start(
      Workspace workspace,
      ServiceJar kind,
      Redis redis,
      Map<String, String> settings,
      JavaOptions javaOptions,
      @Nullable InstanceLimit limit) {
    List<String> command = command(workspace, kind, javaOptions);
    ProcessBuilder builder = new ProcessBuilder(limit == null ? command : limit.wrap(command));
    builder.environment().put("REDIS_URL", redis.url());
    if (javaOptions.image()) {
      ServiceImage.useOwnJava(builder);
      builder.environment().put("JAVA_OPTIONS", javaOptions.flags());
    }
    long started = System.nanoTime();
    ServiceProcess process =
        ServiceJar.start(builder, settings, workspace.logs().resolve(kind.module() + ".log"));
    return new Service(process, started);
  }

  /// The flags of a service's JVM, without `-jar`.
  public static List<String> flags(Path root, ServiceJar kind, JavaOptions javaOptions) {
    List<String> flags = new ArrayList<>(kind.flags(root));
    flags.addAll(javaOptions.list());
    return flags;
  }

  private static List<String> command(
      Workspace workspace, ServiceJar kind, JavaOptions javaOptions) {
    Path root = workspace.root();
    if (javaOptions.image()) {
      return List.of(
          ServiceImage.upToDate(root, kind.module()).directory().resolve("start").toString());
    }
    List<String> command = new ArrayList<>(List.of(ServiceProcess.java("java")));
    command.addAll(flags(root, kind, javaOptions));
    command.addAll(List.of("-jar", kind.path(root).toString()));
    return command;
  }

  /// Waits until the service is ready, including its Redis connection.
  ///
  /// @return the time from its start until it was ready
  public Duration awaitReady() {
    try {
      process.awaitReady(READY_LIMIT);
    } catch (IllegalStateException e) {
      throw new BenchException("A service did not start: " + e.getMessage(), e);
    }
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  public ChildProcess process() {
    return process.process();
  }

  public int port() {
    return process.port();
  }

  public URI http(String path) {
    return process.http(path);
  }

  /// The bytes that the JVM has allocated on its heap since its start. The error is at most the
  /// size of a survivor space.
  public double allocatedBytes() {
    String metrics = metrics();
    return sum(metrics, "jvm_gc_memory_allocated_bytes_total", "")
        + sum(metrics, "jvm_memory_used_bytes", "Eden");
  }

  /// The sum of all samples of a meter with labels that contain `label`.
  public double metric(String name, String label) {
    return sum(metrics(), name, label);
  }

  private String metrics() {
    String metrics = get(process.metrics());
    if (metrics == null && !process().isAlive()) {
      throw new BenchException("A service ended under load: " + process().lastLines().strip());
    }
    if (metrics == null) {
      throw new BenchException("A service returned no metrics; see its log " + process().log());
    }
    return metrics;
  }

  private static double sum(String metrics, String name, String label) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .filter(line -> line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// Runs a full garbage collection and returns the used heap, in bytes.
  public double liveHeapBytes() {
    try {
      for (int i = 0; i < 2; i++) {
        new ProcessBuilder(ServiceProcess.java("jcmd"), Long.toString(process().pid()), "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The benchmark was interrupted.", e);
    }
    return metric("jvm_memory_used_bytes", "area=\"heap\"");
  }

  /// The JSON at a path, read with a token.
  ///
  /// @throws BenchException if the answer is not 200
  public JsonNode json(String path, String token) {
    HttpRequest request =
        HttpRequest.newBuilder(http(path)).header("Authorization", "Bearer " + token).build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new BenchException(path + " was answered with " + answer.statusCode() + ".");
      }
      return JsonMapper.shared().readTree(answer.body());
    } catch (IOException e) {
      throw new BenchException("The service did not answer " + path + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The benchmark was interrupted.", e);
    }
  }

  private static @Nullable String get(URI uri) {
    try {
      HttpResponse<String> response =
          HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? response.body() : null;
    } catch (IOException _) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The benchmark was interrupted.", e);
    }
  }

  /// Sends SIGTERM, and SIGKILL if the process has not ended after 60 s.
  @Override
  public void close() {
    process().stop(STOP_TIMEOUT);
  }
}
