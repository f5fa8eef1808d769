package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.StoredCall;
import io.verbatim.ingest.testkit.TestWorker;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.testkit.socketio.SocketIoClient;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Audio streams of the public Socket.IO client, on each of its transports.
class SocketIoClientIT {
  private static final String NAMESPACE = "/audio-stream?lang=it";
  private static final Tokens TOKENS = new Tokens();
  private static final InMemoryBus BUS = new InMemoryBus();
  private static final IngestServer SERVER =
      IngestServer.start(BUS, TOKENS, Map.of("PING_INTERVAL", "300ms", "PONG_TIMEOUT", "3s"));
  private static final TestWorker WORKER = TestWorker.on(BUS);

  @AfterAll
  static void close() {
    WORKER.close();
    SERVER.close();
    BUS.close();
  }

  @ParameterizedTest
  @CsvSource({
    "websocket,             auth",
    "polling,               auth",
    "'polling,websocket',   auth",
    "websocket,             header",
    "polling,               header",
  })
  void wholeCall_isStoredAndItsWordsArriveOnce(String transports, String place) {
    String id = "s-" + transports.replace(',', '-') + "-" + place;
    int chunks = 50;
    try (SocketIoClient client = connect(token(id), transports, place)) {
      JsonNode connected = client.await("connected");
      for (int seq = 1; seq <= chunks; seq++) {
        client.emit(List.of("chunk", "object", "binary").get(seq % 3), PcmClient.frame(seq));
      }
      await().until(() -> WORKER.received(id) == chunks * 320L);
      WORKER.interim(id, 0, "bu");
      client.await("transcription");
      WORKER.words(id, 0, 3200, "buon");
      WORKER.words(id, 3200, 6400, "giorno");
      client.stop();
      WORKER.end(id, chunks * 320L);
      client.await("disconnect");

      assertThat(connected.path("user_id").stringValue()).isEqualTo("u1");
      assertThat(connected.path("language").stringValue()).isEqualTo("it");
      assertThat(finals(client)).containsExactly("buon", "giorno");
      assertThat(client.await("stopped").path("chunks").longValue()).isEqualTo(chunks);
      assertThat(client.events()).endsWith("ended", "stopped", "disconnect");
      assertThat(client.await("disconnect").path("reason").stringValue())
          .isEqualTo("io server disconnect");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling", "polling,websocket"})
  void chunks_areStoredByteExactWithTheirEnd(String transports) {
    String id = "b-" + transports.replace(',', '-');
    int chunks = 200;
    try (SocketIoClient client = connect(token(id), transports, "auth")) {
      client.await("connected");
      if (transports.contains(",")) {
        client.await("upgrade");
      }
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      for (int seq = 1; seq <= chunks; seq++) {
        client.emit(seq % 2 == 0 ? "chunk" : "binary", PcmClient.frame(seq));
        sent.writeBytes(PcmClient.frame(seq));
      }
      client.disconnect();

      StoredCall stored = StoredCall.read(BUS, id);
      assertThat(stored.audio()).isEqualTo(sent.toByteArray());
      assertThat(stored.reason()).isEqualTo("stop");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling"})
  void workerThatStopsInMidCall_costsNoWord(String transports) {
    String id = "t-" + transports;
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS);
        SocketIoClient client =
            SocketIoClient.connect(server.port(), NAMESPACE, token(id), transports, "auth")) {
      TestWorker first = TestWorker.on(bus);
      client.await("connected");
      for (int seq = 1; seq <= 40; seq++) {
        client.emit("chunk", PcmClient.frame(seq));
      }
      first.words(id, 0, 3200, "one");
      first.interim(id, 200, "tw");
      first.close();
      try (TestWorker second = TestWorker.on(bus)) {
        second.words(id, 3200, 6400, "two");
        client.stop();
        second.words(id, 6400, 12_800, "three");
        second.end(id, 12_800);
      }
      client.await("disconnect");

      assertThat(finals(client)).containsExactly("one", "two", "three");
      assertThat(client.await("ended").path("complete").booleanValue()).isTrue();
      assertThat(client.events()).endsWith("ended", "stopped", "disconnect");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling"})
  void idleClient_staysConnectedByPings(String transports) {
    try (SocketIoClient client = connect(token("p-" + transports), transports, "auth")) {
      client.await("connected");

      // The client leaves when no ping arrives within PING_INTERVAL and PONG_TIMEOUT, 3.3 s.
      await()
          .during(Duration.ofSeconds(4))
          .atMost(Duration.ofSeconds(10))
          .until(() -> !client.events().contains("disconnect"));
    }
  }

  @Test
  void chunkWithACallback_isAcknowledgedWhenItIsStored() {
    try (SocketIoClient client = connect(token("k1"), "websocket", "auth")) {
      client.await("connected");

      for (int id = 1; id <= 20; id++) {
        client.emitAcknowledged(PcmClient.frame(id), id);
      }

      client.await(message -> message.path("acknowledged").asInt(0) == 20);
      assertThat(WORKER.received("k1")).isEqualTo(20 * 320L);
      assertThat(client.events()).filteredOn("acknowledged"::equals).hasSize(20);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none    | websocket | Connection rejected: No authentication token provided",
        "none    | polling   | Connection rejected: No authentication token provided",
        "garbage | websocket | Connection rejected: Invalid or expired authentication token",
        "expired | polling   | Connection rejected: Invalid or expired authentication token",
      })
  void clientWithoutValidToken_isRejectedWithTheOldSentence(
      String credentials, String transports, String sentence) {
    String token =
        switch (credentials) {
          case "none" -> "";
          case "garbage" -> "garbage";
          default ->
              TOKENS.token(
                  JWSAlgorithm.RS256, claims -> claims.expirationTime(Date.from(Instant.EPOCH)));
        };
    try (SocketIoClient client = connect(token, transports, "auth")) {
      assertThat(client.await("connect_error").path("message").stringValue()).isEqualTo(sentence);
    }
  }

  @Test
  void otherNamespace_isRejected() {
    try (SocketIoClient client =
        SocketIoClient.connect(SERVER.port(), "/other", TOKENS.valid(), "websocket", "auth")) {
      assertThat(client.await("connect_error").path("message").stringValue())
          .isEqualTo("Invalid namespace");
    }
  }

  @Test
  void badAudio_isReportedWithTheOldSentence() {
    try (SocketIoClient client = connect(token("e1"), "websocket", "auth")) {
      client.await("connected");

      client.emitEvent("audio_chunk", "no base64!");

      assertThat(client.await("error").path("message").stringValue())
          .isEqualTo("Invalid audio data format");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling"})
  void clientThatIsGone_endsItsCallAndFreesItsConnection(String transports) {
    String id = "g-" + transports;
    OpenConnections connections = SERVER.part(OpenConnections.class);
    try (SocketIoClient client = connect(token(id), transports, "auth")) {
      client.await("connected");
      client.emit("chunk", PcmClient.frame(1));
      await().until(() -> WORKER.received(id) == 320);
    }

    assertThat(StoredCall.read(BUS, id).reason()).isEqualTo("socket_lost");
    await().until(() -> connections.size() == 0);
  }

  private static SocketIoClient connect(String token, String transports, String place) {
    return SocketIoClient.connect(SERVER.port(), NAMESPACE, token, transports, place);
  }

  private static String token(String call) {
    return TOKENS.token(
        JWSAlgorithm.RS256,
        claims -> claims.subject("u1").claim("tenant_id", "t1").claim("interaction_id", call));
  }

  private static List<String> finals(SocketIoClient client) {
    return client.received().stream()
        .filter(message -> message.path("is_final").asBoolean(false))
        .map(message -> message.path("transcript").stringValue())
        .toList();
  }
}
