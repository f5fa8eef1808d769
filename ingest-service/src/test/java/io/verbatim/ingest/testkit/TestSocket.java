package io.verbatim.ingest.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One caller's WebSocket for tests: sends block until written, received messages are recorded.
public final class TestSocket implements WebSocket.Listener {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
  private final AtomicInteger pings = new AtomicInteger();
  private final AtomicBoolean paused = new AtomicBoolean();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;

  private TestSocket(HttpClient client, URI uri, Map<String, String> headers) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    headers.forEach(builder::header);
    socket = builder.buildAsync(uri, this).join();
  }

  public static TestSocket connect(URI uri, Map<String, String> headers) {
    return new TestSocket(CLIENT, uri, headers);
  }

  /// Connects with TLS to a server whose certificate the context trusts.
  public static TestSocket connect(URI uri, Map<String, String> headers, SSLContext trusting) {
    HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trusting).build();
    return new TestSocket(client, uri, headers);
  }

  /// Connects with Basic credentials, as Exotel does.
  public static TestSocket exotel(IngestServer server) {
    return connect(server.socket("/v1/ingest"), basic(IngestServer.PASSWORD));
  }

  public static TestSocket pcm(IngestServer server, String token) {
    return connect(server.socket("/v1/ingest"), Map.of("Authorization", "Bearer " + token));
  }

  public static Map<String, String> basic(String password) {
    String pair = IngestServer.USERNAME + ":" + password;
    return Map.of(
        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }

  public void send(String text) {
    socket.sendText(text, true).join();
  }

  public void send(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /// Sends a text in two fragments.
  public void sendInTwo(String text) {
    int middle = text.length() / 2;
    socket.sendText(text.substring(0, middle), false).join();
    socket.sendText(text.substring(middle), true).join();
  }

  public void ping() {
    socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
  }

  public void close(int code) {
    socket.sendClose(code, "").join();
  }

  /// Drops the connection without a close frame.
  public void drop() {
    socket.abort();
  }

  /// Reads nothing after the next message.
  public void pause() {
    paused.set(true);
  }

  /// Reads on, after [#pause] and a further message.
  public void resume() {
    paused.set(false);
    socket.request(1);
  }

  /// All messages received so far.
  public List<JsonNode> received() {
    return List.copyOf(received);
  }

  /// Waits for a message with this event and returns the first one.
  public JsonNode await(String event) {
    return await(message -> message.path("event").asString("").equals(event));
  }

  public JsonNode await(Predicate<JsonNode> wanted) {
    Awaitility.await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> received.stream().anyMatch(wanted));
    return received.stream().filter(wanted).findFirst().orElseThrow();
  }

  /// The number of pings received. Each was answered.
  public int pings() {
    return pings.get();
  }

  /// Waits for the close frame and returns its code; 1006 if the connection is lost without one.
  public int awaitClose() {
    return closeCode.orTimeout(TIMEOUT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS).join();
  }

  /// Whether the socket has not been closed yet.
  public boolean isOpen() {
    return !closeCode.isDone();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      received.add(JsonMapper.shared().readTree(partial.toString()));
      partial.setLength(0);
    }
    if (!paused.get()) {
      from.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    pings.incrementAndGet();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closeCode.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closeCode.complete(1006);
  }
}
