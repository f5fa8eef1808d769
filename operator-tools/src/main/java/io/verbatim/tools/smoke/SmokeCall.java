package io.verbatim.tools.smoke;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends the beginning of the sample call over the pcm protocol, in real time: 8 kHz, 16 bit, mono.
final class SmokeCall {
  private static final int WAV_HEADER_BYTES = 44;
  private static final int FRAME_MILLIS = 100;

  /// Eight samples of two bytes for each millisecond.
  private static final int FRAME_BYTES = 8 * 2 * FRAME_MILLIS;

  private static final int TIMEOUT_SECONDS = 15;

  private final HttpClient client;
  private final URI ingest;
  private final String token;

  SmokeCall(HttpClient client, URI ingest, String token) {
    this.client = client;
    this.ingest = ingest;
    this.token = token;
  }

  /// Sends a call. Returns the number of frames sent, after ingest has stored all of them.
  ///
  /// @throws SmokeFailure if ingest refuses the call, or stores fewer frames
  int play(String callId, String tenant, int seconds)
      throws SmokeFailure, IOException, InterruptedException {
    Answers answers = new Answers();
    WebSocket socket = open(answers);
    try {
      socket.sendText(start(callId, tenant), true).join();
      answers.await(answers.started, "started");
      byte[] audio = audio(seconds);
      int frames = audio.length / FRAME_BYTES;
      // Never counted down: each wait for it lasts until the next frame is due.
      CountDownLatch pace = new CountDownLatch(1);
      long begin = System.nanoTime();
      for (int frame = 0; frame < frames; frame++) {
        long due = begin + TimeUnit.MILLISECONDS.toNanos((long) frame * FRAME_MILLIS);
        pace.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        socket.sendBinary(ByteBuffer.wrap(audio, frame * FRAME_BYTES, FRAME_BYTES), true).join();
      }
      socket.sendText("{\"event\":\"stop\"}", true).join();
      int stored = answers.await(answers.stopped, "stopped").path("frames").asInt();
      SmokeFailure.unless(stored == frames, "%d of %d frames are stored".formatted(stored, frames));
      return frames;
    } catch (CompletionException closed) {
      throw new SmokeFailure("ingest closed the connection: " + answers.problem());
    } finally {
      socket.abort();
    }
  }

  private WebSocket open(Answers answers) throws SmokeFailure, InterruptedException {
    try {
      return client
          .newWebSocketBuilder()
          .header("Authorization", "Bearer " + token)
          .buildAsync(ingest, answers)
          .get(TIMEOUT_SECONDS, SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new SmokeFailure(ingest + " does not accept the call: " + reason(failure));
    }
  }

  private static String reason(Exception failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof WebSocketHandshakeException refused
        ? "status " + refused.getResponse().statusCode()
        : cause.toString();
  }

  private static String start(String callId, String tenant) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("event", "start")
        .put("interaction_id", callId)
        .put("tenant_id", tenant)
        .put("sample_rate", 8000)
        .put("encoding", "pcm16")
        .toString();
  }

  private static byte[] audio(int seconds) throws IOException {
    try (InputStream wav = SmokeCall.class.getResourceAsStream("/sample-call/call.wav")) {
      if (wav == null) {
        throw new IOException("the sample call is missing in the jar");
      }
      wav.skipNBytes(WAV_HEADER_BYTES);
      return wav.readNBytes(seconds * 1000 / FRAME_MILLIS * FRAME_BYTES);
    }
  }

  /// Receives the answers of ingest.
  private static final class Answers implements WebSocket.Listener {
    private final CompletableFuture<JsonNode> started = new CompletableFuture<>();
    private final CompletableFuture<JsonNode> stopped = new CompletableFuture<>();
    private final AtomicReference<String> problem = new AtomicReference<>("no reason given");
    private final StringBuilder partial = new StringBuilder();

    JsonNode await(CompletableFuture<JsonNode> answer, String event)
        throws SmokeFailure, InterruptedException {
      try {
        return answer.get(TIMEOUT_SECONDS, SECONDS);
      } catch (ExecutionException | TimeoutException failure) {
        throw new SmokeFailure("ingest did not send \"%s\": %s".formatted(event, problem.get()));
      }
    }

    String problem() {
      return problem.get();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean isLast) {
      partial.append(text);
      if (isLast) {
        JsonNode event = JsonMapper.shared().readTree(partial.toString());
        partial.setLength(0);
        switch (event.path("event").asString("")) {
          case "started" -> started.complete(event);
          case "stopped" -> stopped.complete(event);
          case "error" -> problem.set(event.path("message").asString(""));
          default -> {} // an acknowledgement
        }
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      SmokeFailure closed = new SmokeFailure("closed with " + code + " " + reason);
      started.completeExceptionally(closed);
      stopped.completeExceptionally(closed);
      return CompletableFuture.completedStage(null);
    }
  }
}
