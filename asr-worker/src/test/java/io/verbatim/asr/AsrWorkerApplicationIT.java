package io.verbatim.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.MetricsServer;
import io.verbatim.service.StartFailure;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.NumberedAudio;
import io.verbatim.testkit.deepgram.SessionPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

class AsrWorkerApplicationIT {
  private static final AudioFormat FORMAT = AudioFormat.parse("pcm16/8000/1");

  private final InMemoryBus bus = new InMemoryBus();
  private final DeepgramStandIn standIn = DeepgramStandIn.start();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    bus.close();
    standIn.close();
    http.close();
  }

  @Test
  void callWithAudio_isTranscribedAndCounted() throws Exception {
    try (ConfigurableApplicationContext worker = start(Map.of())) {
      assertThat(get(worker, "/health"))
          .isEqualTo("200 {\"status\":\"ok\",\"service\":\"asr-worker\"}");
      assertThat(get(worker, "/actuator/health/readiness")).startsWith("200 {\"status\":\"UP\"");

      sendAndHangUp("call-1");

      await().until(() -> endOf("call-1").filter(TranscriptEntry.Ended::complete).isPresent());
      assertThat(metrics(worker))
          .contains("verbatim_asr_finals_total")
          .contains("verbatim_asr_frame_latency_seconds_bucket");
    }
  }

  @Test
  void recognizerRefusal_degradesHealthAndKeepsReady() throws Exception {
    standIn.plan(session -> SessionPlan.rejecting(401, "INVALID_AUTH"));
    try (ConfigurableApplicationContext worker = start(Map.of())) {
      sendAndHangUp("call-1");

      await().until(() -> get(worker, "/health").contains("degraded"));
      assertThat(get(worker, "/health"))
          .startsWith("200 {\"status\":\"degraded\",\"service\":\"asr-worker\",\"problems\":[")
          .contains("recogniser: refuses this service: 401 INVALID_AUTH");
      assertThat(get(worker, "/actuator/health/readiness")).startsWith("200");
    }
  }

  @Test
  void unreachableBus_degradesHealthAndIsNotReady() throws Exception {
    Map<String, Object> settings = settings(Map.of("REDIS_URL", "redis://127.0.0.1:1"));
    try (ConfigurableApplicationContext worker = AsrWorkerApplication.start(settings)) {
      assertThat(get(worker, "/health"))
          .startsWith("200 {\"status\":\"degraded\",\"service\":\"asr-worker\",\"problems\":[")
          .contains("redis: not connected");
      assertThat(get(worker, "/actuator/health/readiness")).startsWith("503");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DEEPGRAM_API_KEY | '' | DEEPGRAM_API_KEY must be set: without it no call can be transcribed
          MAX_CALLS | 0 | MAX_CALLS must be at least 1, but is 0
          MAX_CALLS | many | MAX_CALLS must be a whole number, but is "many"
          LEASE | 5 minutes | LEASE must be a duration such as 30s or 10m, but is "5 minutes"
          REPLAY_SPEED | 1 | REPLAY_SPEED must be 1.1 to 100 times real time, so that a backlog shrinks, but is 1.0
          DEEPGRAM_URL | https://api.deepgram.com | DEEPGRAM_URL must be wss://host or ws://host:port, but is "https://api.deepgram.com"
          DEEPGRAM_OPTIONS | interim_results=false | DEEPGRAM_OPTIONS must not set interim_results: the worker sets it itself
          REDIS_URL | localhost:6379 | REDIS_URL must be redis://host:port, rediss://host:port or redis-sentinel://host:port,host:port/0#master, with user:password@ before the host where needed
          PUBSUB_ADAPTER | kafka | PUBSUB_ADAPTER must be redis_streams or in_memory, but is "kafka"
          TRANSPORT | kqueue | TRANSPORT must be auto or epoll or io_uring, but is "kqueue"
          """)
  void invalidSetting_stopsStartWithOneSentence(String setting, String value, String sentence) {
    Map<String, Object> settings = settings(Map.of(setting, value));

    assertThatThrownBy(() -> AsrWorkerApplication.start(settings).close())
        .satisfies(failure -> assertThat(printed(failure)).isEqualTo(sentence + "\n"));
  }

  @Test
  void inMemoryBusInOwnProcess_isRefused() {
    Map<String, Object> settings = settings(Map.of("PUBSUB_ADAPTER", "in_memory"));

    assertThatThrownBy(() -> AsrWorkerApplication.start(settings).close())
        .satisfies(failure ->
            assertThat(printed(failure))
                .isEqualTo(
                    "PUBSUB_ADAPTER must be redis_streams, but is \"in_memory\": that is allowed"
                        + " only if all services run in one process, as in local-stack\n"));
  }

  private static String printed(Throwable failure) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StartFailure.print(failure, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  private Map<String, Object> settings(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("PORT", "0");
    settings.put("MANAGEMENT_PORT", "0");
    settings.put("DEEPGRAM_API_KEY", "key");
    settings.put("DEEPGRAM_URL", standIn.url().toString());
    settings.put("DRAIN_TIMEOUT", "1s");
    settings.putAll(more);
    return settings;
  }

  private ConfigurableApplicationContext start(Map<String, Object> more) {
    return AsrWorkerApplication.start(
        settings(more), context -> context.getBeanFactory().registerSingleton("bus", (Bus) bus));
  }

  private void sendAndHangUp(String id) {
    CallId call = new CallId(id);
    byte[] pcm = NumberedAudio.of(FORMAT.toString()).frames(0, 50);
    bus.audio()
        .open(
            new CallStart(
                call, "tenant", CallStart.Source.PCM, FORMAT, null, null, null, Instant.now()),
            "writer",
            false)
        .thenCompose(opened ->
            bus.audio()
                .append(
                    AudioAppend.whole(
                        call, "writer", 0, pcm.length, 0, pcm, System.currentTimeMillis())))
        .thenCompose(stored -> bus.audio().end(call, "writer", pcm.length, pcm.length, "stop"))
        .toCompletableFuture()
        .join();
  }

  private Optional<TranscriptEntry.Ended> endOf(String id) {
    return bus
        .transcripts()
        .read(new CallId(id), TranscriptLog.START, 100)
        .toCompletableFuture()
        .join()
        .stream()
        .filter(TranscriptEntry.Ended.class::isInstance)
        .map(TranscriptEntry.Ended.class::cast)
        .findFirst();
  }

  /// Reads the metrics from their port; the other port must not serve them.
  private String metrics(ConfigurableApplicationContext worker)
      throws IOException, InterruptedException {
    assertThat(get(worker, "/actuator/prometheus")).startsWith("404");
    int port = worker.getBean(MetricsServer.class).port().orElseThrow();
    return get(String.valueOf(port), "/actuator/prometheus");
  }

  private String get(ConfigurableApplicationContext worker, String path)
      throws IOException, InterruptedException {
    return get(worker.getEnvironment().getRequiredProperty("local.server.port"), path);
  }

  private String get(String port, String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
