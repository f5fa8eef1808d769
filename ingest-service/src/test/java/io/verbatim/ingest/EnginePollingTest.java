package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.ApiKeyList;
import io.verbatim.pubsub.message.PublishedApiKey;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Requests to `/socket.io/` that no well-behaved client sends, and the limits of sessions.
class EnginePollingTest {
  private static final Tokens TOKENS = new Tokens();
  private static final String OPEN = "/socket.io/?EIO=4&transport=polling";
  private static final String CONNECT = "40/audio-stream,{\"token\":\"%s\"}";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final InMemoryBus bus = new InMemoryBus();
  private IngestServer server = start(Map.of());

  private IngestServer start(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("CORS_ORIGINS", "https://desk.example");
    return IngestServer.start(bus, TOKENS, all);
  }

  private void restart(Map<String, Object> settings) {
    server.close();
    server = start(settings);
  }

  @AfterEach
  void close() {
    server.close();
    bus.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  '/socket.io/?transport=polling',                    5",
    "GET,  '/socket.io/?EIO=3&transport=polling',              5",
    "GET,  '/socket.io/?EIO=4&transport=carrier-pigeon',       0",
    "GET,  '/socket.io/?EIO=4&transport=websocket',            0",
    "GET,  '/socket.io/?EIO=4&transport=polling&sid=unknown',  1",
    "POST, '/socket.io/?EIO=4&transport=polling&sid=unknown',  1",
    "POST, '/socket.io/?EIO=4&transport=polling',              2",
  })
  void invalidRequest_hasTheErrorOfTheProtocol(String method, String path, int code) {
    HttpResponse<String> answer = send(method, path, "2", Map.of());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"code\":" + code + ",");
  }

  @Test
  void openedSession_tellsItsLimits() {
    String opened = get(OPEN).body();

    assertThat(opened)
        .startsWith("0{\"sid\":\"")
        .endsWith(
            "\"upgrades\":[\"websocket\"],\"pingInterval\":15000,\"pingTimeout\":10000,"
                + "\"maxPayload\":262144}");
  }

  @Test
  void secondPoll_isRefusedAndTheFirstGoesOn() {
    String session = open();
    CompletableFuture<HttpResponse<String>> waiting = waitingPoll(session);

    post(session, CONNECT.formatted(TOKENS.valid()));

    assertThat(waiting.join().body()).startsWith("40/audio-stream,{\"sid\":");
  }

  /// A poll that has reached the service and waits there: it refuses another one.
  private CompletableFuture<HttpResponse<String>> waitingPoll(String session) {
    CompletableFuture<HttpResponse<String>> one = poll(session);
    CompletableFuture<HttpResponse<String>> other = poll(session);
    CompletableFuture.anyOf(one, other).join();
    CompletableFuture<HttpResponse<String>> refused = one.isDone() ? one : other;
    assertThat(refused.join().statusCode()).isEqualTo(400);
    return one.isDone() ? other : one;
  }

  private CompletableFuture<HttpResponse<String>> poll(String session) {
    return HTTP.sendAsync(request("GET", session, "", Map.of()), BodyHandlers.ofString());
  }

  @Test
  void bodyOverMaxMessage_is413AndClosesTheSession() {
    String session = connect();

    assertThat(post(session, "4" + "x".repeat(300 * 1024)).statusCode()).isEqualTo(413);

    await().until(() -> get(session).statusCode() == 400);
    assertThat(server.part(OpenConnections.class).size()).isZero();
  }

  @Test
  void packetOfAnUnknownType_closesTheSession() {
    String session = connect();

    post(session, "9");

    assertThat(get(session).body()).contains("\"code\":\"websocket_protocol\"");
    await().until(() -> get(session).statusCode() == 400);
  }

  @Test
  void twentyUnreadablePackets_closeTheSession() {
    String session = connect();

    post(session, "4x\u001e".repeat(20));

    assertThat(get(session).body()).contains("bad_packet", "41/audio-stream,");
    assertThat(get(session).body()).isEqualTo("1");
    assertThat(get(session).statusCode()).isEqualTo(400);
  }

  @Test
  void apiKey_isAcceptedInAuthAndInTheHeader() {
    String key = "vk_first_0123456789";
    PublishedApiKey published = ApiKeyIT.key("first", key, "t1", "audio:write", null);
    bus.apiKeys()
        .publish(1, ApiKeyList.encode(List.of(published)), Duration.ofMinutes(1))
        .toCompletableFuture()
        .join();
    await()
        .until(() -> {
          String session = open();
          post(session, "40/audio-stream,{\"apiKey\":\"" + key + "\"}");
          return get(session).body().startsWith("40/audio-stream,{\"sid\":");
        });

    String opened = send("GET", OPEN, "", Map.of("x-api-key", key)).body();
    String session = sessionOf(opened);
    post(session, "40/audio-stream,{}");
    assertThat(get(session).body()).startsWith("40/audio-stream,{\"sid\":");
    String other = open();
    post(other, "40/audio-stream,{\"apiKey\":\"vk_first_9\"}");
    assertThat(get(other).body()).contains("\"code\":\"bad_api_key\"");
  }

  @Test
  void audioBeforeTheConnect_isNotInitialized() {
    String session = open();

    post(session, "42/audio-stream,[\"audio_chunk\",\"AAAA\"]");

    assertThat(get(session).body()).contains("\"message\":\"Connection not initialized\"");
  }

  @Test
  void moreThan16KiBBeforeTheConnect_closeTheSession() {
    String session = open();

    post(session, "42/audio-stream,[\"" + "x".repeat(17 * 1024) + "\"]");

    assertThat(get(session).body()).isEqualTo("1");
  }

  @Test
  void sessionThatDoesNotConnect_isClosedAfterStartTimeout() {
    restart(Map.of("START_TIMEOUT", "300ms"));
    String session = open();

    assertThat(get(session).body()).isEqualTo("1");
  }

  @Test
  void unauthenticatedSessionsBeyondTheLimit_closeTheOldest() {
    restart(Map.of("MAX_CALLS", "8"));
    String connected = connect();
    String oldest = open();
    String second = open();

    open();

    assertThat(server.part(OpenConnections.class).size()).isEqualTo(3);
    assertThat(get(oldest).statusCode()).isEqualTo(400);
    post(second, CONNECT.formatted(TOKENS.valid()));
    assertThat(get(second).body()).contains("40/audio-stream,");
    post(connected, "42/audio-stream,[\"nonsense\"]");
    assertThat(get(connected).body()).contains("unknown_event");
  }

  @Test
  void pollOfEvictedSession_isAnsweredWithTheClose() {
    restart(Map.of("MAX_CALLS", "4"));
    CompletableFuture<HttpResponse<String>> waiting = waitingPoll(open());

    open();

    assertThat(waiting.join().body()).isEqualTo("1");
    assertThat(server.part(OpenConnections.class).size()).isEqualTo(1);
  }

  @Test
  void connectionsBeyondTheLimit_get503() {
    restart(Map.of("MAX_CALLS", "1"));
    String session = connect();
    open();

    assertThat(get(OPEN).statusCode()).isEqualTo(503);
    assertThat(upgrade(session)).isEqualTo(503);
  }

  @Test
  void secondWebSocketOfASession_isRefusedWhileTheFirstIsOpen() {
    String session = open();
    TestSocket first = TestSocket.connect(server.socket(webSocket(session)), Map.of());

    assertThat(upgrade(session)).isEqualTo(400);

    first.drop();
    await().until(() -> upgrade(session) == 101);
  }

  @Test
  void webSocketOfAClosingSession_isRefused() {
    String session = connect();
    post(session, "9");

    assertThat(upgrade(session)).isEqualTo(400);
  }

  private int upgrade(String session) {
    return RawRequest.upgrade(server.port(), webSocket(session), Map.of()).status();
  }

  private static String webSocket(String session) {
    return session.replace("transport=polling", "transport=websocket");
  }

  @Test
  void chunkThatIsNotAdded_isNotAcknowledged() {
    String session = connect();
    String tooLarge = Base64.getEncoder().encodeToString(new byte[100_002]);

    post(session, "42/audio-stream,1[\"audio_chunk\",\"" + tooLarge + "\"]");
    post(session, "42/audio-stream,2[\"audio_chunk\",\"AAA=\"]");
    post(session, "42/audio-stream,3[\"stop\"]");
    String beforeStop = receive(session, "43/audio-stream,3[]");
    post(session, "42/audio-stream,4[\"audio_chunk\",\"AAA=\"]");
    post(session, "42/audio-stream,[\"nonsense\"]");
    String afterStop = receive(session, "unknown_event");

    assertThat(beforeStop).contains("43/audio-stream,2[]").doesNotContain("43/audio-stream,1[]");
    assertThat(afterStop).doesNotContain("43/audio-stream,4[]");
  }

  @Test
  void requestsBeyondTheirRate_get429UnlessTheClientIsAuthenticated() {
    restart(Map.of("REQUESTS_PER_SECOND", "1"));
    String session = connect();
    await().until(() -> get(OPEN).statusCode() == 429);

    for (int i = 0; i < 20; i++) {
      assertThat(post(session, "42/audio-stream,[\"audio_chunk\",\"AAA=\"]").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void pagesOfListedOrigins_mayPoll() {
    HttpResponse<String> listed = send("GET", OPEN, "", Map.of("Origin", "https://desk.example"));
    HttpResponse<String> other = send("GET", OPEN, "", Map.of("Origin", "https://evil.example"));
    HttpResponse<String> preflight =
        send("OPTIONS", OPEN, "", Map.of("Origin", "https://desk.example"));
    HttpResponse<String> forbidden =
        send("OPTIONS", OPEN, "", Map.of("Origin", "https://evil.example"));

    assertThat(listed.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://desk.example");
    assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
        .contains("Authorization, Content-Type, x-api-key");
    assertThat(forbidden.statusCode()).isEqualTo(403);
  }

  private String open() {
    return sessionOf(get(OPEN).body());
  }

  private static String sessionOf(String opened) {
    return OPEN
        + "&sid="
        + JsonMapper.shared().readTree(opened.substring(1)).path("sid").stringValue();
  }

  /// Opens a session and its call.
  private String connect() {
    String session = open();
    post(session, CONNECT.formatted(TOKENS.valid()));
    receive(session, "\"connected\"");
    return session;
  }

  /// Polls until a message with this text arrives. Returns all messages.
  private String receive(String session, String text) {
    StringBuilder received = new StringBuilder();
    while (received.indexOf(text) < 0) {
      received.append(get(session).body());
    }
    return received.toString();
  }

  private HttpResponse<String> get(String path) {
    return send("GET", path, "", Map.of());
  }

  private HttpResponse<String> post(String path, String packets) {
    return send("POST", path, packets, Map.of());
  }

  private HttpResponse<String> send(
      String method, String path, String body, Map<String, String> headers) {
    return HTTP.sendAsync(request(method, path, body, headers), BodyHandlers.ofString()).join();
  }

  private HttpRequest request(
      String method, String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.http(path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return request.build();
  }
}
