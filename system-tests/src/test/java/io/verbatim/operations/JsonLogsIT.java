package io.verbatim.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.caller.CallEnd;
import io.verbatim.local.caller.PcmCaller;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.process.ServiceJar;
import io.verbatim.process.ServiceProcess;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `LOG_FORMAT=json`: everything that a service prints is one JSON object a line.
class JsonLogsIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @Test
  void serviceWithACall_logsObjectsWithFields(@TempDir Path directory) throws Exception {
    LocalKeys keys = new LocalKeys(InstantSource.system());
    Path log = directory.resolve("ingest.log");
    try (RedisServer redis = RedisServer.startOwn();
        ServiceProcess ingest =
            ServiceJar.INGEST.start(
                JarRun.ROOT,
                Map.of(
                    "REDIS_URL",
                    redis.url(),
                    "JWT_PUBLIC_KEY",
                    keys.publicKeyPem(),
                    "LOG_LEVEL",
                    "debug",
                    "LOG_FORMAT",
                    "json"),
                log)) {
      ingest.awaitReady(TIMEOUT);
      URI url = URI.create("ws://127.0.0.1:" + ingest.port() + "/v1/ingest");
      String token = keys.token("audio:write", "acme", Duration.ofMinutes(5));
      CallEnd end =
          new PcmCaller(url, token, "acme")
              .call(SampleCall.load().sound().first(Duration.ofMillis(200)))
              .ended()
              .toCompletableFuture()
              .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
              .join();
      assertThat(end.problem()).isNull();
    }

    List<JsonNode> lines = objects(Files.readAllLines(log));
    assertThat(lines)
        .allSatisfy(line -> {
          assertThat(Instant.parse(line.path("timestamp").asString())).isNotNull();
          assertThat(line.path("level").asString()).isIn("ERROR", "WARN", "INFO", "DEBUG");
          assertThat(line.path("service").asString()).isEqualTo("ingest-service");
          assertThat(line.has("event")).as(line.toString()).isTrue();
        });
    assertThat(first(lines, "server.listening").path("url").asString()).startsWith("http://");
    assertThat(first(lines, "service.starting").path("version").asString()).isNotEmpty();
    JsonNode opened = first(lines, "call.opened");
    assertThat(opened.path("callId").asString()).isNotEmpty();
    assertThat(opened.path("tenant").asString()).isEqualTo("acme");
    assertThat(first(lines, "call.over").path("durationMs").isNumber()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(ServiceJar.class)
  void failedStart_isOneObject(ServiceJar jar) throws IOException, InterruptedException {
    JarRun run = JarRun.of(jar, Map.of("LOG_FORMAT", "json", "PORT", "abc"));

    assertThat(run.status()).isEqualTo(1);
    List<JsonNode> lines = objects(run.output());
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().path("event").asString()).isEqualTo("service.start_failed");
    assertThat(lines.getFirst().path("reason").asString())
        .isEqualTo("PORT must be a port from 0 to 65535, but is \"abc\"");
  }

  private static List<JsonNode> objects(List<String> lines) {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : lines) {
      objects.add(JSON.readTree(line));
    }
    return objects;
  }

  private static JsonNode first(List<JsonNode> lines, String event) {
    return lines.stream()
        .filter(line -> line.path("event").asString().equals(event))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line of " + event + " in " + events(lines)));
  }

  private static List<String> events(List<JsonNode> lines) {
    return lines.stream().map(line -> line.path("event").asString()).distinct().toList();
  }
}
