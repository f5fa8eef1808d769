package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.ingest.exotel.ExotelTranscript;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.StoredCall;
import io.verbatim.ingest.testkit.TestBus;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.service.MetricsServer;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import io.verbatim.testkit.tokens.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Operation: health, metrics, outages, shutdown, and many lost connections at once.
@ExtendWith(RedisExtension.class)
class OperationsIT {
  private static final Tokens TOKENS = new Tokens();

  @Test
  void redisOutage_isReportedAsDegradedHealth(RedisServer redis) {
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS)) {
      await().until(() -> get(server, "/actuator/health/readiness").status() == 200);
      assertThat(get(server, "/health").body())
          .isEqualTo("{\"status\":\"ok\",\"service\":\"ingest\"}");
      assertThat(get(server, "/health?x=1").status()).isEqualTo(200);

      redis.kill();

      await().until(() -> get(server, "/health").body().contains("degraded"));
      RawRequest degraded = get(server, "/health");
      assertThat(degraded.status()).isEqualTo(200);
      assertThat(degraded.json().path("problems").get(0).stringValue()).startsWith("redis: ");
      assertThat(get(server, "/actuator/health/readiness").status()).isEqualTo(503);
      redis.restart();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> get(server, "/health").body().contains("ok"));
    }
  }

  @Test
  void metrics_areServedOnTheManagementPortOnly(RedisServer redis) {
    try (IngestServer server =
        IngestServer.start(redis.url(), TOKENS, Map.of("MANAGEMENT_PORT", 0))) {
      RawRequest.upgrade(server.port(), "/v1/ingest", Map.of());

      int port = server.part(MetricsServer.class).port().orElseThrow();
      assertThat(RawRequest.plain(port, "GET", "/actuator/prometheus", Map.of()).text())
          .contains("verbatim_ingest_handshakes_rejected_total{reason=\"no_token\"} 1.0")
          .contains("verbatim_ingest_calls_live 0.0");
      assertThat(get(server, "/actuator/prometheus").status()).isEqualTo(404);
      assertThat(get(server, "/actuator/env").status()).isEqualTo(404);
    }
  }

  @Test
  void everyDocumentedRejection_isCountedFromStart(RedisServer redis) throws IOException {
    String callers = Files.readString(Path.of("../docs/callers.md"));
    String table = callers.split("### Refused handshakes", 2)[1].split("\n## ", 2)[0];
    List<String> reasons =
        table
            .lines()
            .filter(line -> line.matches("\\| \\d{3}.*"))
            .flatMap(line -> Pattern.compile("`([a-z_]+)`").matcher(line).results())
            .map(code -> code.group(1))
            .toList();
    try (IngestServer server =
        IngestServer.start(redis.url(), TOKENS, Map.of("MANAGEMENT_PORT", 0))) {
      int port = server.part(MetricsServer.class).port().orElseThrow();
      String metrics = RawRequest.plain(port, "GET", "/actuator/prometheus", Map.of()).text();

      assertThat(reasons)
          .hasSizeGreaterThan(25)
          .allSatisfy(reason ->
              assertThat(metrics)
                  .contains(
                      "verbatim_ingest_handshakes_rejected_total{reason=\"" + reason + "\"} 0.0"));
    }
  }

  @Test
  void certificate_enablesTls(RedisServer redis, @TempDir Path directory) throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    Map<String, Object> settings =
        Map.of(
            "SSL_CERT_PATH", certificate.certificate().toString(),
            "SSL_KEY_PATH", certificate.key().toString());
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings);
        HttpClient client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(certificate.trusting())
                .build()) {
      URI uri = URI.create("https://127.0.0.1:" + server.port() + "/v1/ingest/path-token_1");

      String answer =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();

      assertThat(answer).contains("wss://127.0.0.1:" + server.port() + "/v1/ingest/path-token_1");
    }
  }

  @Test
  void embeddedBus_isUsedAndNotClosed() throws Exception {
    try (InMemoryBus bus = new InMemoryBus();
        Bus reader = bus) {
      try (IngestServer server = IngestServer.start(bus, TOKENS)) {
        PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
        caller.start();
        caller.send(1, 11);
        assertThat(caller.stop()).isEqualTo(11);
      }

      assertThat(StoredCall.read(reader, "p1").audio()).hasSize(11 * 320);
    }
  }

  @Test
  void noRedisAtStart_storesTheCallOnceRedisIsUp(RedisServer redis) {
    redis.kill();
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS);
        Bus bus = TestBus.open(redis.url())) {
      TestSocket caller = TestSocket.exotel(server);
      caller.send(start("c1"));
      caller.send(media(1, 320));
      caller.send("{\"event\":\"stop\",\"stop\":{\"reason\":\"callended\"}}");

      redis.restart();

      StoredCall stored = StoredCall.read(bus, "c1");
      assertThat(stored.audio()).isEqualTo(ExotelTranscript.audio(320, "a1"));
      assertThat(stored.reason()).isEqualTo("callended");
      caller.drop();
    }
  }

  @Test
  void pcmStartWithoutRedis_closesWith1013(RedisServer redis) {
    redis.kill();
    try (IngestServer server =
        IngestServer.start(redis.url(), TOKENS, Map.of("START_TIMEOUT", "300ms"))) {
      PcmClient caller = PcmClient.connect(server, TOKENS, "p1");

      caller.socket().send(PcmClient.start("p1", ""));

      assertThat(caller.awaitError()).isEqualTo("log_unavailable");
      assertThat(caller.socket().awaitClose()).isEqualTo(1013);
      await().until(() -> server.part(CallRegistry.class).size() == 0);
    }
  }

  @Test
  void emptyRedisAfterRestart_receivesTheWholeCallAgain(RedisServer redis) {
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS);
        Bus bus = TestBus.open(redis.url())) {
      TestSocket caller = TestSocket.exotel(server);
      caller.send(start("c1"));
      caller.send(media(1, 320));
      await().until(() -> bus.audio() != null && stored(redis) == 1);

      redis.restart();
      caller.send(media(2, 320));
      caller.send("{\"event\":\"stop\"}");

      StoredCall stored = StoredCall.read(bus, "c1");
      assertThat(stored.audio()).hasSize(640);
      assertThat(stored.end()).isEqualTo(640);
      caller.drop();
    }
  }

  @Test
  void shutdown_letsLiveCallsFinish(RedisServer redis) throws Exception {
    Map<String, Object> settings = Map.of("DRAIN_TIMEOUT", "20s");
    IngestServer server = IngestServer.start(redis.url(), TOKENS, settings);
    try (Bus bus = TestBus.open(redis.url())) {
      PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
      caller.start();
      Thread stopping = Thread.startVirtualThread(server::close);
      await()
          .until(() ->
              RawRequest.upgrade(
                          server.port(), "/v1/ingest", TestSocket.basic(IngestServer.PASSWORD))
                      .status()
                  == 503);

      caller.send(1, 12);

      assertThat(caller.stop()).isEqualTo(12);
      assertThat(caller.socket().awaitClose()).isEqualTo(1000);
      stopping.join();
      assertThat(StoredCall.read(bus, "p1").reason()).isEqualTo("stop");
    } finally {
      server.close();
    }
  }

  @Test
  void shutdown_endsCallsAfterTheDrainTimeout(RedisServer redis) {
    try (Bus bus = TestBus.open(redis.url())) {
      IngestServer server = IngestServer.start(redis.url(), TOKENS);
      PcmClient pcm = PcmClient.connect(server, TOKENS, "p1");
      pcm.start();
      pcm.send(1, 3);
      pcm.socket().ping();
      TestSocket exotel = TestSocket.exotel(server);
      exotel.send(start("c1"));
      await().until(() -> server.part(CallRegistry.class).size() == 2);

      server.close();

      assertThat(pcm.socket().awaitClose()).isEqualTo(1012);
      assertThat(exotel.awaitClose()).isEqualTo(1012);
      assertThat(StoredCall.read(bus, "p1").reason()).isEqualTo("shutdown");
      assertThat(StoredCall.read(bus, "c1").reason()).isEqualTo("shutdown");
    }
  }

  @Test
  void twentyLostConnections_endTwentyCallsAndKeepOnlyUncoveredAudio(RedisServer redis) {
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS);
        Bus bus = TestBus.open(redis.url())) {
      List<TestSocket> callers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        TestSocket caller = TestSocket.exotel(server);
        caller.send(start("c" + i));
        for (int chunk = 1; chunk <= 50; chunk++) {
          caller.send(media(chunk, 320));
        }
        callers.add(caller);
      }

      callers.forEach(TestSocket::drop);

      for (int i = 0; i < 20; i++) {
        assertThat(StoredCall.read(bus, "c" + i).reason()).isEqualTo("socket_lost");
      }
      await().until(() -> server.part(OpenConnections.class).size() == 0);
      assertThat(server.part(CallRegistry.class).size()).isZero();
      assertThat(server.part(MeterRegistry.class).get("verbatim.ingest.buffered").gauge().value())
          .isEqualTo(20 * 50 * 320);
    }
  }

  private static long stored(RedisServer redis) {
    return redis.commands().xlen("audio_stream:{c1}");
  }

  private static RawRequest get(IngestServer server, String path) {
    return RawRequest.plain(server.port(), "GET", path, Map.of());
  }

  private static String start(String call) {
    return "{\"event\":\"start\",\"start\":{\"call_sid\":\"" + call + "\"}}";
  }

  private static String media(int chunk, int bytes) {
    return "{\"event\":\"media\",\"media\":{\"chunk\":\"%d\",\"payload\":\"%s\"}}"
        .formatted(
            chunk, Base64.getEncoder().encodeToString(ExotelTranscript.audio(bytes, "a" + chunk)));
  }
}
