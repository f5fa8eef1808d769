package io.verbatim.local.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.AsrWorkerApplication;
import io.verbatim.gateway.GatewayApplication;
import io.verbatim.ingest.IngestApplication;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.process.FreePort;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the three services count is what the ledgers of their calls say.
@ExtendWith(RedisExtension.class)
class LedgerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double BYTES_PER_MILLI = 16;

  /// Over the 128 KB that ingest holds of a call.
  private static final int TOO_MANY_FRAMES = 900;

  private final RedisServer redis;

  LedgerIT(RedisServer redis) {
    this.redis = redis;
  }

  @Test
  void sumsOfTheThreeServices_areThoseOfTheLedgers() {
    try (Services services = new Services(redis)) {
      services.awaitReady();
      Line whole = new Line(services.ingest, 1).says(150);
      Line cut = new Line(services.ingest, 2).says(100);
      Line holed = new Line(services.ingest, 3).says(100);
      services.awaitBytes("verbatim_ingest_stored_bytes_total", 350);
      services.cutTheRecognizer();
      cut.says(100);

      redis.pause();
      holed.says(TOO_MANY_FRAMES);
      services.awaitBytes("verbatim_ingest_audio_bytes_total", 450 + TOO_MANY_FRAMES);
      redis.resume();
      holed.says(50);
      List<Line> lines = List.of(whole, cut, holed);
      lines.forEach(Line::hangsUp);

      List<JsonNode> ledgers = lines.stream().map(services::awaitEnd).toList();
      ledgers.forEach(LedgerIT::checkThatItAddsUp);
      assertThat(ledgers.get(2).path("gapMs").asLong()).as("the hole").isPositive();
      assertThat(ledgers.get(2).path("complete").asBoolean()).isFalse();
      checkTheSums(services, ledgers);
    }
  }

  private static void checkTheSums(Services services, List<JsonNode> ledgers) {
    long received = sum(ledgers, "receivedMs");
    long transcribed = sum(ledgers, "transcribedMs");
    long gap = sum(ledgers, "gapMs");
    long dropped = services.bytes("verbatim_ingest_dropped_bytes_total");
    assertThat(services.bytes("verbatim_ingest_audio_bytes_total")).isEqualTo(received);
    assertThat(services.bytes("verbatim_ingest_stored_bytes_total")).isEqualTo(received - dropped);
    assertThat(sum(ledgers, "storedMs")).isEqualTo(received - dropped);
    assertThat(dropped).isEqualTo(gap);

    URI worker = services.worker;
    assertThat(services.millis(worker, "verbatim_asr_audio_transcribed_seconds_total"))
        .isEqualTo(transcribed);
    assertThat(services.millis(worker, "verbatim_asr_gap_seconds_total")).isEqualTo(gap);
    assertThat(services.millis(worker, "verbatim_asr_audio_unconfirmed_seconds_total")).isZero();
    assertThat(services.millis(worker, "verbatim_asr_audio_sent_seconds_total"))
        .as("what was sent, replays included")
        .isEqualTo(sum(ledgers, "sentMs"))
        .isGreaterThanOrEqualTo(transcribed);

    URI gateway = services.gateway;
    await()
        .atMost(PATIENCE)
        .until(() ->
            services.millis(gateway, "verbatim_gateway_ended_received_seconds_total") == received);
    assertThat(services.millis(gateway, "verbatim_gateway_ended_transcribed_seconds_total"))
        .isEqualTo(transcribed);
    assertThat(services.millis(gateway, "verbatim_gateway_ended_gap_seconds_total")).isEqualTo(gap);
  }

  private static void checkThatItAddsUp(JsonNode ledger) {
    long gaps = 0;
    for (JsonNode gap : ledger.path("gaps")) {
      gaps += gap.path("endMs").asLong() - gap.path("startMs").asLong();
      assertThat(gap.path("reason").asString()).isEqualTo("log_lost");
    }
    assertThat(gaps).isEqualTo(ledger.path("gapMs").asLong());
    assertThat(
            ledger.path("transcribedMs").asLong()
                + ledger.path("gapMs").asLong()
                + ledger.path("pendingMs").asLong())
        .isEqualTo(ledger.path("receivedMs").asLong());
    assertThat(ledger.path("pendingMs").asLong()).isZero();
  }

  private static long sum(List<JsonNode> ledgers, String field) {
    return ledgers.stream().mapToLong(ledger -> ledger.path(field).asLong()).sum();
  }

  /// A line whose caller speaks when the test says so.
  private static final class Line {
    private final int number;
    private final Sinks.Many<byte[]> frames = Sinks.many().unicast().onBackpressureBuffer();
    private final OngoingCall call;
    private int said;

    Line(URI ingest, int number) {
      this.number = number;
      call =
          new ExotelCaller(
                  URI.create("ws://127.0.0.1:" + ingest.getPort() + "/v1/ingest"),
                  "exotel",
                  "secret",
                  "acme")
              .call(8000, frames.asFlux());
    }

    Line says(int count) {
      for (int i = 0; i < count; i++) {
        frames.tryEmitNext(TalkingFrame.of(number, said++, System.nanoTime())).orThrow();
      }
      return this;
    }

    void hangsUp() {
      frames.tryEmitComplete().orThrow();
    }
  }

  /// The three services in this process, and a recogniser that reads numbers.
  private static final class Services implements AutoCloseable {
    private final LocalKeys keys = new LocalKeys(InstantSource.system());
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final NumbersRecognizer recognizer = new NumbersRecognizer((_, _, _) -> {});
    private final Map<URI, URI> metrics = new HashMap<>();
    private final Deque<ConfigurableApplicationContext> running = new ArrayDeque<>();
    private final URI ingest;
    private final URI worker;
    private final URI gateway;

    Services(RedisServer redis) {
      ingest =
          serve(
              IngestApplication.start(
                  settings(
                      redis,
                      Map.of(
                          "SUPPORT_EXOTEL", "true",
                          "EXOTEL_USERNAME", "exotel",
                          "EXOTEL_PASSWORD", "secret",
                          "CALL_BUFFER", "128KB",
                          "DRAIN_TIMEOUT", "1s"))));
      worker =
          serve(
              AsrWorkerApplication.start(
                  settings(
                      redis,
                      Map.of(
                          "DEEPGRAM_API_KEY", "numbers",
                          "DEEPGRAM_URL", recognizer.uri().toString(),
                          "REPLAY_SPEED", "20",
                          "LEASE", "20s"))));
      gateway =
          serve(
              GatewayApplication.start(
                  settings(redis, Map.of("JWT_PUBLIC_KEY", keys.publicKeyPem()))));
    }

    private static Map<String, Object> settings(RedisServer redis, Map<String, Object> own) {
      Map<String, Object> settings = new HashMap<>(own);
      settings.put("PORT", "0");
      settings.put("REDIS_URL", redis.url());
      settings.put("MANAGEMENT_PORT", FreePort.find());
      settings.put("spring.main.register-shutdown-hook", false);
      return settings;
    }

    private URI serve(ConfigurableApplicationContext service) {
      running.add(service);
      int port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      int metricsPort =
          service.getEnvironment().getRequiredProperty("MANAGEMENT_PORT", Integer.class);
      URI uri = URI.create("http://127.0.0.1:" + port);
      metrics.put(uri, URI.create("http://127.0.0.1:" + metricsPort));
      return uri;
    }

    void awaitReady() {
      for (URI service : List.of(ingest, worker, gateway)) {
        await()
            .atMost(PATIENCE)
            .until(() -> ask(service, "/actuator/health/readiness").contains("UP"));
      }
    }

    void cutTheRecognizer() {
      await().atMost(PATIENCE).until(() -> recognizer.cutAll() > 0);
    }

    JsonNode awaitEnd(Line line) {
      String path = "/v1/calls/" + line.call.callId();
      await().atMost(PATIENCE).until(() -> ask(gateway, path).contains("\"state\":\"ended\""));
      JsonNode ledger = JsonMapper.shared().readTree(ask(gateway, path));
      assertThat(ledger.path("receivedMs").asLong()).isEqualTo(line.said * Verdict.FRAME_MILLIS);
      return ledger;
    }

    void awaitBytes(String counter, int frames) {
      await().atMost(PATIENCE).until(() -> bytes(counter) == frames * Verdict.FRAME_MILLIS);
    }

    /// A counter of bytes, in milliseconds of these calls' audio.
    long bytes(String counter) {
      return Math.round(counted(ingest, counter) / BYTES_PER_MILLI);
    }

    long millis(URI service, String counter) {
      return Math.round(counted(service, counter) * 1000);
    }

    private double counted(URI service, String counter) {
      return ask(Objects.requireNonNull(metrics.get(service)), "/actuator/prometheus")
          .lines()
          .filter(line -> line.startsWith(counter + " ") || line.startsWith(counter + "{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }

    private String ask(URI service, String path) {
      HttpRequest request =
          HttpRequest.newBuilder(service.resolve(path))
              .header(
                  "Authorization",
                  "Bearer " + keys.token("transcripts:read ops", null, Duration.ofHours(1)))
              .build();
      return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join().body();
    }

    /// In the order in which audio flows.
    @Override
    public void close() {
      running.forEach(ConfigurableApplicationContext::close);
      recognizer.close();
      http.shutdownNow();
    }
  }
}
