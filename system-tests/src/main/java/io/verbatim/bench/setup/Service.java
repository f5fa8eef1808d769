package io.verbatim.bench.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One of the product's jars as a process, with the flags of its Dockerfile. Its creator closes it.
public final class Service implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);
  private static final Pattern ENTRYPOINT = Pattern.compile("ENTRYPOINT \\[(.*?)]", Pattern.DOTALL);
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern ENVIRONMENT =
      Pattern.compile("^ENV (\\w+)=(\\S+)$", Pattern.MULTILINE);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// The product's services.
  public enum Kind {
    INGEST("ingest-service"),
    WORKER("asr-worker"),
    GATEWAY("transcript-gateway");

    private final String module;

    Kind(String module) {
      this.module = module;
    }

    /// The module's name, which is also the name of its Redis connection.
    public String module() {
      return module;
    }

    /// The kind with this module name.
    public static Kind of(String module) {
      for (Kind kind : values()) {
        if (kind.module.equals(module)) {
          return kind;
        }
      }
      throw new BenchException(
          "Service \"" + module + "\" is unknown: ingest-service, asr-worker, transcript-gateway.");
    }
  }

  private final MeasuredProcess process;
  private final int port;
  private final int managementPort;
  private final long startedNanos;

  private Service(MeasuredProcess process, int port, int managementPort, long startedNanos) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    this.startedNanos = startedNanos;
  }

  /// Starts a jar on free ports of 127.0.0.1.
  ///
  /// @param settings environment variables, as an operator sets them
  /// @param javaOptions further options of the JVM, separated by blanks; the last one of a kind
  ///   wins
  /// @param limit of its processor time, or null
  public static Service start(
      Workspace workspace,
      Kind kind,
      Redis redis,
      Map<String, String> settings,
      JavaOptions javaOptions,
      @Nullable CpuLimit limit) {
    Path dockerfile = workspace.root().resolve(kind.module()).resolve("Dockerfile");
    Path jar =
        Tools.file(
            workspace.root().resolve(kind.module()).resolve("target/" + kind.module() + ".jar"),
            "./mvnw -DskipTests package");
    if (javaOptions.extracted()) {
      jar = extract(workspace, jar);
    }
    List<String> command = command(read(dockerfile), jar, javaOptions);
    ProcessBuilder builder = new ProcessBuilder(limit == null ? command : limit.wrap(command));
    int port = Workspace.freePort();
    int managementPort = Workspace.freePort();
    Matcher environment = ENVIRONMENT.matcher(read(dockerfile));
    while (environment.find()) {
      builder.environment().put(environment.group(1), environment.group(2));
    }
    builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
    builder.environment().put("REDIS_URL", redis.url());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("MANAGEMENT_PORT", Integer.toString(managementPort));
    builder.environment().putAll(settings);
    long started = System.nanoTime();
    MeasuredProcess process =
        MeasuredProcess.start(builder, workspace.logs().resolve(kind.module() + ".log"));
    return new Service(process, port, managementPort, started);
  }

  /// The flags of a service's JVM, without `-jar`.
  public static List<String> flags(Path root, Kind kind, JavaOptions javaOptions) {
    Path dockerfile = root.resolve(kind.module()).resolve("Dockerfile");
    List<String> command = command(read(dockerfile), Path.of("app.jar"), javaOptions);
    return command.subList(1, command.indexOf("-jar"));
  }

  private static List<String> command(String dockerfile, Path jar, JavaOptions javaOptions) {
    Matcher entrypoint = ENTRYPOINT.matcher(dockerfile);
    if (!entrypoint.find()) {
      throw new BenchException("The Dockerfile of " + jar + " has no ENTRYPOINT.");
    }
    List<String> command = new ArrayList<>();
    Matcher argument = QUOTED.matcher(entrypoint.group(1));
    while (argument.find()) {
      switch (argument.group(1)) {
        case "java" -> command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        case "-jar" -> {
          command.addAll(javaOptions.list());
          command.add("-jar");
        }
        case String last when last.endsWith(".jar") -> command.add(jar.toString());
        case String other -> command.add(other);
      }
    }
    return command;
  }

  /// Extracts a jar next to it, once for each build of it.
  private static Path extract(Workspace workspace, Path jar) {
    Path directory = jar.resolveSibling("extracted");
    Path extracted = directory.resolve(jar.getFileName());
    try {
      if (Files.exists(extracted)
          && Files.getLastModifiedTime(extracted).compareTo(Files.getLastModifiedTime(jar)) > 0) {
        return extracted;
      }
      Process extraction =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-Djarmode=tools",
                  "-jar",
                  jar.toString(),
                  "extract",
                  "--force",
                  "--destination",
                  directory.toString())
              .redirectErrorStream(true)
              .redirectOutput(workspace.logs().resolve("extract.log").toFile())
              .start();
      if (extraction.waitFor() != 0) {
        throw new BenchException("Cannot extract " + jar + "; see " + workspace.logs() + ".");
      }
      Files.setLastModifiedTime(extracted, FileTime.from(Instant.now()));
      return extracted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The benchmark was interrupted.", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until the service is ready to work, Redis included.
  ///
  /// @return the time from its start to then
  public Duration awaitReady() {
    Workspace.await(
        "a service is ready; its log is " + process.log(),
        READY_LIMIT,
        () -> {
          if (!process.isAlive()) {
            throw new BenchException("A service ended at its start: " + process.lastLines());
          }
          return get(http("/actuator/health/readiness")) != null;
        });
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  public MeasuredProcess process() {
    return process;
  }

  public int port() {
    return port;
  }

  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /// Bytes the JVM has allocated on its heap since its start, to within a survivor space.
  public double allocatedBytes() {
    String metrics = metrics();
    return sum(metrics, "jvm_gc_memory_allocated_bytes_total", "")
        + sum(metrics, "jvm_memory_used_bytes", "Eden");
  }

  /// The sum of all samples of a meter whose labels contain a text.
  public double metric(String name, String label) {
    return sum(metrics(), name, label);
  }

  private String metrics() {
    String metrics = get(URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus"));
    if (metrics == null && !process.isAlive()) {
      throw new BenchException("A service ended under load: " + process.lastLines().strip());
    }
    if (metrics == null) {
      throw new BenchException("A service shows no metrics; its log is " + process.log());
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

  /// Collects all garbage of the JVM and returns what is left on its heap, in bytes.
  public double liveHeapBytes() {
    String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
    try {
      for (int i = 0; i < 2; i++) {
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run")
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

  @Override
  public void close() {
    process.close();
  }
}
