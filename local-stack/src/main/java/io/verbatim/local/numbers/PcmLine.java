package io.verbatim.local.numbers;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One WebSocket of the pcm dialect, as its caller holds it. Spoken to by one thread.
final class PcmLine implements WebSocket.Listener, AutoCloseable {
  private static final long ANSWERING_TAKES_AT_MOST_SECONDS = 90;
  private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);

  /// What the service calls a call that nobody can go on with.
  private static final Set<String> CALL_IS_OVER = Set.of("already_ended", "ended", "shutdown");

  /// The line is gone, or never came up.
  static final class LostException extends Exception {
    private final boolean callOver;
    private final boolean wasUp;

    LostException(@Nullable Throwable cause, boolean callOver, boolean wasUp) {
      super(cause);
      this.callOver = callOver;
      this.wasUp = wasUp;
    }

    /// Whether the service has said that the call cannot be gone on with.
    boolean isCallOver() {
      return callOver;
    }

    /// Whether the call had been taken up on this line.
    boolean wasUp() {
      return wasUp;
    }
  }

  private final CompletableFuture<Integer> started = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private volatile int acknowledged;
  private volatile boolean callOver;
  private @Nullable WebSocket socket;

  private PcmLine() {}

  static PcmLine open(HttpClient client, URI ingest, String token) throws LostException {
    PcmLine line = new PcmLine();
    try {
      line.socket =
          client
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + token)
              .connectTimeout(HANDSHAKE_LIMIT)
              .buildAsync(ingest, line)
              .join();
      return line;
    } catch (CompletionException e) {
      throw new LostException(e, false, false);
    }
  }

  /// The newest frame the service has said to have, counted from 1.
  int acknowledged() {
    return acknowledged;
  }

  void start(String callId, String tenant, NumberedFormat format, int resumeFrom)
      throws LostException, InterruptedException {
    String start =
        JsonMapper.shared()
            .createObjectNode()
            .put("event", "start")
            .put("interaction_id", callId)
            .put("tenant_id", tenant)
            .put("sample_rate", format.sampleRateHz())
            .put("encoding", "pcm16")
            .put("channels", format.channels())
            .put("resume_from", resumeFrom)
            .toString();
    await(open().sendText(start, true));
  }

  /// The number of the frame that is wanted next.
  int awaitStarted() throws LostException, InterruptedException {
    return await(started);
  }

  void send(byte[] frame) throws LostException, InterruptedException {
    await(open().sendBinary(ByteBuffer.wrap(frame), true));
  }

  /// Says that no more will come, and waits until everything has arrived.
  void stop() throws LostException, InterruptedException {
    await(open().sendText("{\"event\":\"stop\"}", true));
    await(stopped);
  }

  private WebSocket open() throws LostException {
    WebSocket open = socket;
    if (open == null || lost.isDone()) {
      throw new LostException(null, callOver, started.isDone());
    }
    return open;
  }

  private <T> T await(CompletableFuture<T> answer) throws LostException, InterruptedException {
    try {
      CompletableFuture.anyOf(answer, lost).get(ANSWERING_TAKES_AT_MOST_SECONDS, TimeUnit.SECONDS);
      if (answer.isDone()) {
        return answer.get();
      }
      throw new LostException(null, callOver, started.isDone());
    } catch (ExecutionException | TimeoutException e) {
      throw new LostException(e, callOver, started.isDone());
    }
  }

  @Override
  public synchronized @Nullable CompletionStage<?> onText(
      WebSocket webSocket, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      JsonNode event = JsonMapper.shared().readTree(text.toString());
      text.setLength(0);
      hear(event);
    }
    webSocket.request(1);
    return null;
  }

  private void hear(JsonNode event) {
    switch (event.path("event").asString("")) {
      case "started" -> started.complete(event.path("next_seq").asInt());
      case "ack" -> acknowledged = event.path("seq").asInt();
      case "stopped" -> stopped.complete(null);
      case "error" -> callOver = callOver || CALL_IS_OVER.contains(event.path("code").asString(""));
      default -> {
        // What a later service adds.
      }
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    lost.complete(null);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    lost.complete(null);
  }

  /// @param step runs once when the connection is lost or closed
  void whenLost(Runnable step) {
    lost.thenRun(step);
  }

  @Override
  public void close() {
    lost.complete(null);
    if (socket != null) {
      socket.abort();
    }
  }
}
