package io.verbatim.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.ServiceProcess;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.FrameFormat;
import io.verbatim.testkit.deepgram.NumberedAudio;
import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Pace;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import io.verbatim.testkit.socketio.SocketIoClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/// Public Socket.IO clients receive each word of their calls once, on each transport, although the
/// worker of their calls is killed. Every frame of 20 ms is a word, the frame's number.
@ExtendWith(RedisExtension.class)
class SocketIoCallerIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final int FRAMES_PER_PART = 130;

  @Test
  void killedWorker_costsNoClientAWord(RedisServer redis, @TempDir Path directory) {
    LocalKeys keys = new LocalKeys(InstantSource.system());
    String token = keys.token("audio:write", "acme", Duration.ofHours(1));
    try (DeepgramStandIn recognizer =
            DeepgramStandIn.start().plan(_ -> SessionPlan.regular().pace(Pace.FAST));
        ConfigurableApplicationContext ingest = CallerTranscriptIT.ingest(redis, keys)) {
      ServiceProcess killed =
          CallerTranscriptIT.worker(redis, recognizer, directory.resolve("killed.log"));
      int port = ingest.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      try (Caller websocket = new Caller(port, token, "websocket", 1);
          Caller polling = new Caller(port, token, "polling", 2)) {
        List<Caller> callers = List.of(websocket, polling);
        callers.forEach(caller -> caller.sendPart("chunk"));
        callers.forEach(caller -> caller.awaitWords(1));

        killed.process().kill();
        callers.forEach(caller -> caller.sendPart("binary"));
        try (ServiceProcess second =
            CallerTranscriptIT.worker(redis, recognizer, directory.resolve("second.log"))) {
          second.awaitReady(TIMEOUT);
          callers.forEach(caller -> caller.awaitWords(FRAMES_PER_PART + 1));
          callers.forEach(caller -> caller.sendPart("object"));
          callers.forEach(caller -> caller.client.stop());

          for (Caller caller : callers) {
            caller.client.await("disconnect");
            assertThat(caller.words())
                .containsExactlyElementsOf(
                    IntStream.range(0, 3 * FRAMES_PER_PART).boxed().toList());
            assertThat(caller.client.await("ended").path("complete").booleanValue()).isTrue();
            assertThat(caller.client.events())
                .endsWith("ended", "stopped", "disconnect")
                .doesNotContain("gap", "resync");
          }
        }
      }
    }
  }

  /// A client with its call. Used by the test's thread.
  private static final class Caller implements AutoCloseable {
    private final NumberedAudio audio;
    private final SocketIoClient client;
    private int sent;

    Caller(int port, String token, String transport, int number) {
      audio = new NumberedAudio(FrameFormat.pcm16(16_000, 1), number);
      client = SocketIoClient.connect(port, "/audio-stream?lang=en", token, transport, "auth");
      client.await("connected");
    }

    /// Sends a part of the call.
    ///
    /// @param form of the chunks, as [SocketIoClient#emit] has them
    void sendPart(String form) {
      for (int i = 0; i < FRAMES_PER_PART; i++) {
        client.emit(form, audio.frame(sent++, System.nanoTime()));
      }
    }

    void awaitWords(int count) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(words()).hasSizeGreaterThan(count - 1));
    }

    /// The words of all finals received so far.
    List<Integer> words() {
      return client.received().stream()
          .filter(message -> message.path("is_final").asBoolean(false))
          .flatMap(
              message -> Arrays.stream(message.path("transcript").stringValue().split(" ", -1)))
          .map(Integer::valueOf)
          .toList();
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
