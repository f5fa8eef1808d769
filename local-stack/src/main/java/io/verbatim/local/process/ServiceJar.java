package io.verbatim.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One of the services' runnable jars.
public enum ServiceJar {
  INGEST("ingest-service"),
  WORKER("asr-worker"),
  GATEWAY("transcript-gateway");

  /// For a 512 MB instance with half a processor, as the Dockerfiles have it.
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          "-Xmx192m",
          "-Xss512k",
          "-XX:MaxMetaspaceSize=96m",
          "-XX:ReservedCodeCacheSize=64m",
          "-XX:MaxDirectMemorySize=64m",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED");

  private final String module;

  ServiceJar(String module) {
    this.module = module;
  }

  /// The module's name, which is also its Redis client's.
  public String module() {
    return module;
  }

  /// Where the build leaves it, below the repository's root.
  public Path path(Path root) {
    return root.resolve(module).resolve("target").resolve(module + ".jar");
  }

  /// Starts it as a process on free ports of 127.0.0.1, unless `settings` name others.
  ///
  /// @param settings environment variables, as an operator would set them
  /// @param log where its output goes; appended
  public ServiceProcess start(Path root, Map<String, String> settings, Path log) {
    Path jar = path(root);
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          jar + " is not there: build it with ./mvnw -DskipTests package");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.add("-jar");
    command.add(jar.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
    settings.forEach(builder.environment()::put);
    int port = port("PORT", settings, builder);
    int management = port("MANAGEMENT_PORT", settings, builder);
    try {
      return new ServiceProcess(builder.start(), port, management, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(String name, Map<String, String> settings, ProcessBuilder builder) {
    String port = settings.getOrDefault(name, Integer.toString(FreePort.find()));
    builder.environment().put(name, port);
    return Integer.parseInt(port);
  }
}
