package io.verbatim.numbers;

import io.verbatim.testkit.deepgram.FrameFormat;
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

/// One WebSocket of the pcm dialect, on the caller's side. Used by one thread; any thread may close
/// it.
final class PcmConnection implements WebSocket.Listener, AutoCloseable {
  private static final long REPLY_TIMEOUT_SECONDS = 90;
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  /// Error codes of the service that exclude a resume.
  private static final Set<String> FINAL_ERROR_CODES = Set.of("already_ended", "ended", "shutdown");

  /// The connection was lost or could not be opened.
  static final class LostException extends Exception {
    private final boolean callOver;
    private final boolean wasStarted;

    LostException(@Nullable Throwable cause, boolean callOver, boolean wasStarted) {
      super(cause);
      this.callOver = callOver;
      this.wasStarted = wasStarted;
    }

    /// Whether the service reported that the call cannot be resumed.
    boolean isCallOver() {
      return callOver;
    }

    /// Whether the service had answered `started` on this connection.
    boolean wasStarted() {
      return wasStarted;
    }
  }

  private final CompletableFuture<Integer> started = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private volatile int acknowledged;
  private volatile boolean callOver;
  private @Nullable WebSocket socket;

  private PcmConnection() {}

  static PcmConnection open(HttpClient client, URI ingest, String token) throws LostException {
    PcmConnection connection = new PcmConnection();
    try {
      connection.socket =
          client
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + token)
              .connectTimeout(HANDSHAKE_TIMEOUT)
              .buildAsync(ingest, connection)
              .join();
      return connection;
    } catch (CompletionException e) {
      throw new LostException(e, false, false);
    }
  }

  /// The newest acknowledged frame, counted from 1; 0 before the first.
  int acknowledged() {
    return acknowledged;
  }

  void start(String callId, String tenant, FrameFormat format, int resumeFrom)
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

  /// Waits for `started` and returns its `next_seq`.
  int awaitStarted() throws LostException, InterruptedException {
    return await(started);
  }

  void send(byte[] frame) throws LostException, InterruptedException {
    await(open().sendBinary(ByteBuffer.wrap(frame), true));
  }

  /// Sends `stop` and waits for `stopped`.
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
      CompletableFuture.anyOf(answer, lost).get(REPLY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
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
      onEvent(event);
    }
    webSocket.request(1);
    return null;
  }

  private void onEvent(JsonNode event) {
    switch (event.path("event").asString("")) {
      case "started" -> started.complete(event.path("next_seq").asInt());
      case "ack" -> acknowledged = event.path("seq").asInt();
      case "stopped" -> stopped.complete(null);
      case "error" ->
          callOver = callOver || FINAL_ERROR_CODES.contains(event.path("code").asString(""));
      default -> {
        // Unknown events of newer services are ignored.
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
