package io.verbatim.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One of the services' runnable jars.
public enum ServiceJar {
  INGEST("ingest-service"),
  WORKER("asr-worker"),
  GATEWAY("transcript-gateway");

  /// The flags of versions that have no file of flags.
  private static final List<String> EARLIER_FLAGS =
      List.of("-XX:+UseSerialGC", "-Xmx192m", "--enable-native-access=ALL-UNNAMED");

  private final String module;

  ServiceJar(String module) {
    this.module = module;
  }

  /// The jar of a module; empty if the module is no service.
  public static Optional<ServiceJar> of(String module) {
    return Stream.of(values()).filter(jar -> jar.module.equals(module)).findFirst();
  }

  /// The module's name, which is also the name of its Redis client.
  public String module() {
    return module;
  }

  /// The path of the jar below the repository's root.
  ///
  /// @throws IllegalStateException if it was not built
  public Path path(Path root) {
    Path jar = root.resolve(module).resolve("target").resolve(module + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          jar + " is missing: build it with ./mvnw -DskipTests package");
    }
    return jar;
  }

  /// The JVM's flags in the service's image, for a 512 MB instance.
  public List<String> flags(Path root) {
    Path file = root.resolve(module).resolve("jvm.options");
    return Files.exists(file) ? List.of("@" + file) : EARLIER_FLAGS;
  }

  /// Starts the jar as a process, on free ports of 127.0.0.1 or the ports in `settings`.
  ///
  /// @param settings environment variables, as an operator sets them
  /// @param log the file to which the output is appended
  public ServiceProcess start(Path root, Map<String, String> settings, Path log) {
    List<String> command = new ArrayList<>(List.of(ServiceProcess.java("java")));
    command.addAll(flags(root));
    command.addAll(List.of("-jar", path(root).toString()));
    return start(new ProcessBuilder(command), settings, log);
  }

  /// Starts the service with a command of the caller, on the same ports.
  public static ServiceProcess start(
      ProcessBuilder command, Map<String, String> settings, Path log) {
    Map<String, String> environment = command.environment();
    environment.put("MALLOC_ARENA_MAX", "2");
    environment.put("SERVER_ADDRESS", "127.0.0.1");
    environment.put("PORT", Integer.toString(FreePort.find()));
    environment.put("MANAGEMENT_PORT", Integer.toString(FreePort.find()));
    environment.putAll(settings);
    return new ServiceProcess(
        ChildProcess.start(command, log),
        Integer.parseInt(environment.getOrDefault("PORT", "")),
        Integer.parseInt(environment.getOrDefault("MANAGEMENT_PORT", "")));
  }
}
