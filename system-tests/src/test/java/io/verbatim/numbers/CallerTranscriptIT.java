package io.verbatim.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.ingest.IngestApplication;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.ServiceJar;
import io.verbatim.process.ServiceProcess;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.FrameFormat;
import io.verbatim.testkit.deepgram.NumberedAudio;
import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Pace;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Callers that receive the words of their call on their own connection receive each word once,
/// although the worker of their calls is killed. Every frame of 20 ms is a word, the frame's
/// number.
@ExtendWith(RedisExtension.class)
class CallerTranscriptIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final FrameFormat WIDE = FrameFormat.pcm16(16_000, 1);
  private static final int FRAMES_PER_PART = 130;
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void killedWorker_costsNoCallerAWord(RedisServer redis, @TempDir Path directory) {
    LocalKeys keys = new LocalKeys(InstantSource.system());
    String token = keys.token("audio:write", "acme", Duration.ofHours(1));
    try (DeepgramStandIn recognizer =
            DeepgramStandIn.start().plan(_ -> SessionPlan.regular().pace(Pace.FAST));
        ConfigurableApplicationContext ingest = ingest(redis, keys)) {
      ServiceProcess killed = worker(redis, recognizer, directory.resolve("killed.log"));
      int port = ingest.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      Caller pcm = new Caller(port, "/v1/ingest", token, 1, FrameFormat.PHONE);
      pcm.text(
          "{\"event\":\"start\",\"interaction_id\":\"p1\",\"tenant_id\":\"acme\","
              + "\"sample_rate\":8000,\"encoding\":\"pcm16\",\"transcripts\":true}");
      Caller stream = new Caller(port, "/audio-stream?lang=en", token, 2, WIDE);
      List<Caller> callers = List.of(pcm, stream);
      callers.forEach(caller -> caller.sendPart(false));
      callers.forEach(caller -> caller.awaitWords(1));

      killed.process().kill();
      callers.forEach(caller -> caller.sendPart(true));
      try (ServiceProcess second = worker(redis, recognizer, directory.resolve("second.log"))) {
        second.awaitReady(TIMEOUT);
        callers.forEach(caller -> caller.awaitWords(FRAMES_PER_PART + 1));
        callers.forEach(caller -> caller.sendPart(true));
        callers.forEach(caller -> caller.text("{\"event\":\"stop\"}"));

        for (Caller caller : callers) {
          assertThat(caller.awaitClose()).isEqualTo(1000);
          assertThat(caller.words())
              .containsExactlyElementsOf(IntStream.range(0, 3 * FRAMES_PER_PART).boxed().toList());
          assertThat(caller.events()).endsWith("ended", "stopped").doesNotContain("gap", "resync");
        }
      }
    }
  }

  static ConfigurableApplicationContext ingest(RedisServer redis, LocalKeys keys) {
    return IngestApplication.start(
        Map.of(
            "PORT",
            "0",
            "REDIS_URL",
            redis.url(),
            "JWT_PUBLIC_KEY",
            keys.publicKeyPem(),
            "DRAIN_TIMEOUT",
            "1s",
            "MEDIA_TIMEOUT",
            "2m",
            "spring.main.register-shutdown-hook",
            false));
  }

  static ServiceProcess worker(RedisServer redis, DeepgramStandIn recognizer, Path log) {
    return ServiceJar.WORKER.start(
        ROOT,
        Map.of(
            "REDIS_URL",
            redis.url(),
            "DEEPGRAM_API_KEY",
            "numbers",
            "DEEPGRAM_URL",
            recognizer.url().toString(),
            "REPLAY_SPEED",
            "20"),
        log);
  }

  /// A caller of either protocol. Used by the test's thread.
  private static final class Caller implements WebSocket.Listener {
    private static final HttpClient HTTP =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final WebSocket socket;
    private final NumberedAudio audio;
    private final boolean hasEvents;
    private int sent;

    Caller(int port, String path, String token, int number, FrameFormat format) {
      audio = new NumberedAudio(format, number);
      hasEvents = format.equals(WIDE);
      socket =
          HTTP.newWebSocketBuilder()
              .header("Authorization", "Bearer " + token)
              .buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
              .join();
    }

    void text(String text) {
      socket.sendText(text, true).join();
    }

    /// Sends a part of the call.
    ///
    /// @param asText as base64 in an event, if the protocol has that
    void sendPart(boolean asText) {
      for (int i = 0; i < FRAMES_PER_PART; i++) {
        byte[] frame = audio.frame(sent++, System.nanoTime());
        if (asText && hasEvents) {
          String base64 = Base64.getEncoder().encodeToString(frame);
          text("{\"event\":\"audio_chunk\",\"data\":\"" + base64 + "\"}");
        } else {
          socket.sendBinary(ByteBuffer.wrap(frame), true).join();
        }
      }
    }

    void awaitWords(int count) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(words()).hasSizeGreaterThan(count - 1));
    }

    int awaitClose() {
      return closed.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
    }

    /// The words of all finals received so far.
    List<Integer> words() {
      return received.stream()
          .filter(message -> message.path("is_final").asBoolean(false))
          .flatMap(
              message -> Arrays.stream(message.path("transcript").stringValue().split(" ", -1)))
          .map(Integer::valueOf)
          .toList();
    }

    List<String> events() {
      return received.stream().map(message -> message.path("event").stringValue()).toList();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        received.add(JsonMapper.shared().readTree(partial.toString()));
        partial.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(1006);
    }
  }
}
