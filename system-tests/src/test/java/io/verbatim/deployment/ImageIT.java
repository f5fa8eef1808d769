package io.verbatim.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.FreePort;
import io.verbatim.process.ServiceImage;
import io.verbatim.process.ServiceProcess;
import io.verbatim.testkit.redis.RedisServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Replays a Dockerfile, with the training of its ahead-of-time cache, and runs the result like a
/// container: as the image's user, with a root file system that it cannot write, and with the
/// settings of `render.yaml`.
class ImageIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final LocalKeys KEYS = new LocalKeys(InstantSource.system());
  private static final Duration READY = Duration.ofMinutes(1);

  @TempDir static Path directory;
  private static ServiceImage image;

  @BeforeAll
  static void build() throws Exception {
    image = ServiceImage.replay(ROOT, "ingest-service", directory.resolve("replay"));
    run(new ProcessBuilder("chmod", "-R", "a+rX,a-w", directory.toString()));
    run(new ProcessBuilder("chmod", "u+w", directory.toString()));
  }

  @Test
  void onlyMavenAndApt_areNotReplayed() {
    assertThat(image.skipped())
        .hasSize(3)
        .allMatch(
            command -> command.matches("\\./mvnw .* package|apt-get update && .* redis-server"));
  }

  @Test
  void image_startsFromItsCache_withoutWritableFilesAndOptionalSettings() throws Exception {
    Path log = Files.createFile(directory.resolve("log"));
    try (RedisServer redis = RedisServer.start()) {
      int port = FreePort.find();
      ProcessBuilder builder = service(image.entrypoint());
      builder.environment().put("PORT", Integer.toString(port));
      builder.environment().put("MANAGEMENT_PORT", Integer.toString(FreePort.find()));
      builder.environment().put("REDIS_URL", redis.url());
      builder.environment().put("JAVA_HEAP", "200m");
      // The JVM does not start if it cannot use the cache.
      builder.environment().put("JAVA_OPTIONS", "-XX:AOTMode=on -Djava.io.tmpdir=/nonexistent");
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      try (ServiceProcess service = ServiceProcess.of(builder.start(), port, 0, log)) {
        service.awaitReady(READY);

        assertThat(healthCheck(port)).isZero();
        assertThat(
                ProcessHandle.of(service.process().pid())
                    .orElseThrow()
                    .info()
                    .arguments()
                    .orElseThrow())
            .contains("-Xmx200m");
        if (new File("/proc").isDirectory()) {
          assertThat(Files.readString(log)).contains("transport=epoll");
        }
        assertThat(service.process().stop(Duration.ofSeconds(20))).isTrue();
      }
      assertThat(healthCheck(port)).isNotZero();
    }
  }

  @Test
  void commandsForOperators_useTheSettingsOfTheService() throws Exception {
    try (RedisServer redis = RedisServer.start()) {
      ProcessBuilder builder =
          service(List.of(image.directory().resolve("operator").toString(), "redis-connections"));
      builder.environment().put("REDIS_URL", redis.url());
      builder.redirectErrorStream(true);

      Process process = builder.start();

      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("Level               NORMAL")
          .doesNotContain("WARNING");
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void heapThatIsNoSize_stopsTheStartWithOneSentence() throws Exception {
    ProcessBuilder builder = service(image.entrypoint()).redirectErrorStream(true);
    builder.environment().put("JAVA_HEAP", "19mm");

    Process process = builder.start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("JAVA_HEAP must be a size such as 192m or 1g, but is \"19mm\"\n");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  /// A command with the image's environment, and as its user if this test may change the user.
  private static ProcessBuilder service(List<String> command) {
    List<String> asUser = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      String[] user = image.user().split(":", -1);
      asUser.addAll(
          List.of("setpriv", "--reuid", user[0], "--regid", user[1], "--clear-groups", "--"));
    }
    asUser.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(asUser);
    builder.environment().putAll(image.environment());
    builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
    // As on Render, where every optional variable is left blank.
    BlueprintTest.variables("ingest-service")
        .forEach((name, variable) ->
            builder.environment().put(name, String.valueOf(variable.getOrDefault("value", ""))));
    builder.environment().put("JWT_PUBLIC_KEY", KEYS.publicKeyPem());
    ServiceImage.useOwnJava(builder);
    return builder;
  }

  private static int healthCheck(int port) throws IOException, InterruptedException {
    ProcessBuilder builder = service(image.healthCheck());
    builder.environment().put("PORT", Integer.toString(port));
    return builder.start().waitFor();
  }

  private static void run(ProcessBuilder builder) throws IOException, InterruptedException {
    assertThat(builder.inheritIO().start().waitFor()).isZero();
  }
}
