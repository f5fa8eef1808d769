package io.verbatim.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.process.ServiceJar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A run of a service's jar that ends by itself.
///
/// @param status the exit status
/// @param output the lines of both outputs
record JarRun(int status, List<String> output) {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final long LIMIT_SECONDS = 120;

  static JarRun of(ServiceJar jar, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-jar",
            jar.path(ROOT).toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the jar did not end: " + output);
    }
    return new JarRun(process.exitValue(), output.lines().toList());
  }

  /// The output's line about a setting.
  String line(String setting) {
    return output.stream()
        .filter(line -> line.matches("[ *] " + setting + " .*"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line for " + setting + " in " + output));
  }
}
