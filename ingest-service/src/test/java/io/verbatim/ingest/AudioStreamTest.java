package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.TestWorker;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `/audio-stream` on a plain WebSocket.
class AudioStreamTest {
  private static final Tokens TOKENS = new Tokens();
  private static final InMemoryBus BUS = new InMemoryBus();
  private static final IngestServer SERVER =
      IngestServer.start(BUS, TOKENS, Map.of("AUTH_FAILURES_PER_SECOND", "1000"));
  private static final TestWorker WORKER = TestWorker.on(BUS);

  @AfterAll
  static void close() {
    WORKER.close();
    SERVER.close();
    BUS.close();
  }

  @Test
  void wholeCall_isConnectedTranscribedAndStopped() {
    String token =
        TOKENS.token(
            JWSAlgorithm.RS256,
            claims -> claims.subject("u1").claim("tenant_id", "t1").claim("interaction_id", "a1"));
    TestSocket caller = connect("?lang=it", token);
    JsonNode connected = caller.await("connected");
    caller.send(chunk(PcmClient.frame(1)));
    WORKER.interim("a1", 0, "ci");
    caller.await("transcription");
    WORKER.words("a1", 0, 320, "ciao");
    JsonNode words = caller.await(message -> message.path("is_final").asBoolean(false));

    caller.send("{\"event\":\"stop\"}");
    WORKER.end("a1", 320);

    assertThat(caller.awaitClose()).isEqualTo(1000);
    assertThat(connected.path("user_id").stringValue()).isEqualTo("u1");
    assertThat(connected.path("auth_type").stringValue()).isEqualTo("jwt");
    assertThat(connected.path("language").stringValue()).isEqualTo("it");
    assertThat(connected.path("message").stringValue()).isNotBlank();
    assertThat(Instant.parse(connected.path("timestamp").stringValue())).isNotNull();
    assertThat(words.path("transcript").stringValue()).isEqualTo("ciao");
    assertThat(words.path("confidence").doubleValue()).isEqualTo(0.9);
    assertThat(events(caller))
        .containsExactly("connected", "transcription", "transcription", "ended", "stopped");
    CallRecord call = record("a1");
    assertThat(call.start().tenant()).isEqualTo("t1");
    assertThat(call.start().language()).isEqualTo("it");
    assertThat(call.start().format()).isEqualTo(new AudioFormat(Encoding.PCM16, 16_000, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"audio_chunk\",\"data\":\"%s\"}",
        "{ \"data\" : \"%s\" , \"event\" : \"audio_chunk\" }",
        "{\"event\":\"audio_chunk\",\"audio\":\"%s\"}",
        "{\"event\":\"audio_chunk\",\"chunk\":\"%s\"}",
        "{\"event\":\"audio_chunk\",\"audio_data\":\"%s\"}",
      })
  void chunkInAnyForm_isStored(String form) {
    TestSocket caller = connect("", TOKENS.valid());
    String call = caller.await("connected").path("interaction_id").stringValue();

    caller.send(form.formatted(Base64.getEncoder().encodeToString(PcmClient.frame(7))));
    caller.send(PcmClient.frame(8));
    caller.send("{\"event\":\"stop\"}");
    WORKER.end(call, 640);

    assertThat(caller.awaitClose()).isEqualTo(1000);
    assertThat(caller.await("stopped").path("chunks").longValue()).isEqualTo(2);
    assertThat(caller.await("ended").path("duration_ms").longValue()).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"audio_chunk\"}",
        "{\"event\":\"audio_chunk\",\"data\":\"\"}",
        "{\"event\":\"audio_chunk\",\"data\":\"no base64!\"}",
        "{\"event\":\"audio_chunk\",\"data\":[1,2]}",
        "{\"event\":\"audio_chunk\",\"data\":\"AAAA\"}",
      })
  void chunkWithoutWholeSamples_isReported(String message) {
    TestSocket caller = connect("", TOKENS.valid());
    caller.await("connected");

    caller.send(message);

    JsonNode error = caller.await("error");
    assertThat(error.path("message").stringValue()).isEqualTo("Invalid audio data format");
    assertThat(error.path("code").stringValue()).isEqualTo("bad_audio");
    assertThat(caller.isOpen()).isTrue();
    caller.drop();
  }

  @Test
  void fiftyBadChunksInARow_closeWith1007() {
    TestSocket caller = connect("", TOKENS.valid());
    caller.await("connected");

    for (int i = 0; i < 50; i++) {
      caller.send("{\"event\":\"audio_chunk\",\"data\":\"!\"}");
    }

    assertThat(caller.awaitClose()).isEqualTo(1007);
    assertThat(events(caller)).containsExactly("connected", "error", "error");
  }

  @Test
  void twentyUnreadableTextsInARow_closeWith1007() {
    TestSocket caller = connect("", TOKENS.valid());
    caller.await("connected");

    for (int i = 0; i < 20; i++) {
      caller.send("hello");
    }

    assertThat(caller.awaitClose()).isEqualTo(1007);
  }

  @Test
  void lostConnection_endsTheCall() {
    TestSocket caller = connect("", TOKENS.valid());
    String call = caller.await("connected").path("interaction_id").stringValue();
    caller.send(chunk(PcmClient.frame(1)));

    caller.drop();

    WORKER.awaitAudioEnd(call, "socket_lost");
  }

  @Test
  void secondCallWithTheTokensId_isRefusedWith1008() {
    String token = TOKENS.token(JWSAlgorithm.RS256, claims -> claims.claim("interaction_id", "a2"));
    TestSocket first = connect("", token);
    first.await("connected");

    TestSocket second = connect("", token);

    assertThat(second.await("error").path("code").stringValue()).isEqualTo("already_live");
    assertThat(second.awaitClose()).isEqualTo(1008);
    first.drop();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none    | 401 | no_token       | Connection rejected: No authentication token provided",
        "basic   | 401 | no_token       | Connection rejected: No authentication token provided",
        "garbage | 401 | malformed_token| Connection rejected: Invalid or expired authentication token",
        "expired | 401 | token_expired  | Connection rejected: Invalid or expired authentication token",
        "scope   | 403 | missing_scope  | Connection rejected: The token lacks the scope audio:write.",
      })
  void connectWithoutValidToken_isRejectedWithTheOldSentence(
      String credentials, int status, String code, String sentence) {
    Map<String, String> headers =
        switch (credentials) {
          case "none" -> Map.of();
          case "basic" -> TestSocket.basic(IngestServer.PASSWORD);
          case "garbage" -> bearer("garbage");
          case "expired" ->
              bearer(
                  TOKENS.token(
                      JWSAlgorithm.RS256,
                      claims -> claims.expirationTime(Date.from(Instant.EPOCH))));
          default ->
              bearer(TOKENS.token(JWSAlgorithm.RS256, claims -> claims.claim("scope", "other")));
        };

    RawRequest answer = RawRequest.upgrade(SERVER.port(), "/audio-stream?lang=en", headers);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains("\"" + code + "\"", "\"" + sentence + "\"");
  }

  @Test
  void requestWithoutUpgrade_is426() {
    RawRequest answer =
        RawRequest.plain(SERVER.port(), "GET", "/audio-stream", bearer(TOKENS.valid()));

    assertThat(answer.status()).isEqualTo(426);
    assertThat(answer.text()).contains("no_upgrade");
  }

  private static TestSocket connect(String query, String token) {
    return TestSocket.connect(SERVER.socket("/audio-stream" + query), bearer(token));
  }

  private static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  private static String chunk(byte[] pcm) {
    return "{\"event\":\"audio_chunk\",\"data\":\""
        + Base64.getEncoder().encodeToString(pcm)
        + "\"}";
  }

  private static List<String> events(TestSocket caller) {
    return caller.received().stream().map(message -> message.path("event").stringValue()).toList();
  }

  private static CallRecord record(String call) {
    return BUS.calls().find(new CallId(call)).toCompletableFuture().join().orElseThrow();
  }
}
