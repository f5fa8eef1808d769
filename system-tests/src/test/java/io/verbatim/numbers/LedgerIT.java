package io.verbatim.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.AsrWorkerApplication;
import io.verbatim.gateway.GatewayApplication;
import io.verbatim.ingest.IngestApplication;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.process.FreePort;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.FrameFormat;
import io.verbatim.testkit.deepgram.NumberedAudio;
import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Pace;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
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

/// The metrics of the three services equal the ledgers of their calls.
@ExtendWith(RedisExtension.class)
class LedgerIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final double BYTES_PER_MILLI = 16;

  /// More than the 128 KB that ingest buffers per call.
  private static final int FRAMES_ABOVE_BUFFER = 900;

  private final RedisServer redis;

  LedgerIT(RedisServer redis) {
    this.redis = redis;
  }

  @Test
  void metricsOfTheThreeServices_equalTheLedgers() {
    try (Services services = new Services(redis)) {
      services.awaitReady();
      TestCall whole = new TestCall(services.ingest, 1).send(150);
      TestCall cut = new TestCall(services.ingest, 2).send(100);
      TestCall withGap = new TestCall(services.ingest, 3).send(100);
      services.awaitBytes("verbatim_ingest_stored_bytes_total", 350);
      services.dropRecognizerSessions();
      cut.send(100);

      redis.pause();
      withGap.send(FRAMES_ABOVE_BUFFER);
      services.awaitBytes("verbatim_ingest_audio_bytes_total", 450 + FRAMES_ABOVE_BUFFER);
      redis.resume();
      withGap.send(50);
      List<TestCall> calls = List.of(whole, cut, withGap);
      calls.forEach(TestCall::hangUp);

      List<JsonNode> ledgers = calls.stream().map(services::awaitEnd).toList();
      ledgers.forEach(LedgerIT::assertConsistent);
      assertThat(ledgers.get(2).path("gapMs").asLong()).as("the gap").isPositive();
      assertThat(ledgers.get(2).path("complete").asBoolean()).isFalse();
      assertSums(services, ledgers);
    }
  }

  private static void assertSums(Services services, List<JsonNode> ledgers) {
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
        .as("audio sent, including replays")
        .isEqualTo(sum(ledgers, "sentMs"))
        .isGreaterThanOrEqualTo(transcribed);

    URI gateway = services.gateway;
    await()
        .atMost(TIMEOUT)
        .until(() ->
            services.millis(gateway, "verbatim_gateway_ended_received_seconds_total") == received);
    assertThat(services.millis(gateway, "verbatim_gateway_ended_transcribed_seconds_total"))
        .isEqualTo(transcribed);
    assertThat(services.millis(gateway, "verbatim_gateway_ended_gap_seconds_total")).isEqualTo(gap);
  }

  private static void assertConsistent(JsonNode ledger) {
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

  /// A call whose audio is sent by the test.
  private static final class TestCall {
    private final NumberedAudio audio;
    private final Sinks.Many<byte[]> frames = Sinks.many().unicast().onBackpressureBuffer();
    private final OngoingCall connection;
    private int sentFrames;

    TestCall(URI ingest, int number) {
      audio = new NumberedAudio(FrameFormat.PHONE, number);
      connection =
          new ExotelCaller(
                  URI.create("ws://127.0.0.1:" + ingest.getPort() + "/v1/ingest"),
                  "exotel",
                  "secret",
                  "acme")
              .call(8000, frames.asFlux());
    }

    TestCall send(int count) {
      for (int i = 0; i < count; i++) {
        frames.tryEmitNext(audio.frame(sentFrames++, System.nanoTime())).orThrow();
      }
      return this;
    }

    void hangUp() {
      frames.tryEmitComplete().orThrow();
    }
  }

  /// The three services and a recogniser of numbers in this process.
  private static final class Services implements AutoCloseable {
    private final LocalKeys keys = new LocalKeys(InstantSource.system());
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final DeepgramStandIn recognizer =
        DeepgramStandIn.start().plan(_ -> SessionPlan.regular().pace(Pace.FAST));
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
                          "DEEPGRAM_URL", recognizer.url().toString(),
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
            .atMost(TIMEOUT)
            .until(() -> get(service, "/actuator/health/readiness").contains("UP"));
      }
    }

    void dropRecognizerSessions() {
      await().atMost(TIMEOUT).until(() -> recognizer.dropAll() > 0);
    }

    JsonNode awaitEnd(TestCall call) {
      String path = "/v1/calls/" + call.connection.callId();
      await().atMost(TIMEOUT).until(() -> get(gateway, path).contains("\"state\":\"ended\""));
      JsonNode ledger = JsonMapper.shared().readTree(get(gateway, path));
      assertThat(ledger.path("receivedMs").asLong())
          .isEqualTo(call.sentFrames * Verdict.FRAME_MILLIS);
      return ledger;
    }

    void awaitBytes(String counter, int frames) {
      await().atMost(TIMEOUT).until(() -> bytes(counter) == frames * Verdict.FRAME_MILLIS);
    }

    /// A counter of bytes, converted to milliseconds of these calls' audio.
    long bytes(String counter) {
      return Math.round(counter(ingest, counter) / BYTES_PER_MILLI);
    }

    long millis(URI service, String counter) {
      return Math.round(counter(service, counter) * 1000);
    }

    private double counter(URI service, String counter) {
      return get(Objects.requireNonNull(metrics.get(service)), "/actuator/prometheus")
          .lines()
          .filter(line -> line.startsWith(counter + " ") || line.startsWith(counter + "{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }

    private String get(URI service, String path) {
      HttpRequest request =
          HttpRequest.newBuilder(service.resolve(path))
              .header(
                  "Authorization",
                  "Bearer " + keys.token("transcripts:read ops", null, Duration.ofHours(1)))
              .build();
      return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join().body();
    }

    /// Closes the services in the order of the audio path.
    @Override
    public void close() {
      running.forEach(ConfigurableApplicationContext::close);
      recognizer.close();
      http.shutdownNow();
    }
  }
}
