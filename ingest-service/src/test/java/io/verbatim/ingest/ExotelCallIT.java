package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.ingest.exotel.ExotelTranscript;
import io.verbatim.ingest.exotel.ExotelTranscript.BinaryIn;
import io.verbatim.ingest.exotel.ExotelTranscript.Control;
import io.verbatim.ingest.exotel.ExotelTranscript.Step;
import io.verbatim.ingest.exotel.ExotelTranscript.TextIn;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.StoredCall;
import io.verbatim.ingest.testkit.TestBus;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Exotel's recordings over the wire: the resulting log and the close of the socket.
@ExtendWith(RedisExtension.class)
class ExotelCallIT {
  private static final String CALL = "9c41d7e2b05f4a6c8d13e97a40b2681f";
  private static final Tokens TOKENS = new Tokens();

  private IngestServer server;
  private Bus bus;

  @BeforeEach
  void start(RedisServer redis) {
    server = IngestServer.start(redis.url(), TOKENS, Map.of("START_TIMEOUT", "1s"));
    bus = TestBus.open(redis.url());
  }

  @AfterEach
  void stop() {
    server.close();
    bus.close();
  }

  @Test
  void wholeCall_isStoredByteForByteWithOneEnd() {
    TestSocket socket = TestSocket.exotel(server);

    play("unidirectional-8khz", socket, "in");

    StoredCall stored = StoredCall.read(bus, CALL);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(audio(640, "silence"));
    for (int chunk = 3; chunk < 8646; chunk++) {
      expected.writeBytes(audio(320, "speech"));
    }
    expected.writeBytes(audio(320, "silence"));
    assertThat(stored.audio()).isEqualTo(expected.toByteArray());
    assertThat(stored.holes()).isEmpty();
    assertThat(stored.end()).isEqualTo(8646 * 320L);
    assertThat(stored.reason()).isEqualTo("canceled or call ended");
    CallRecord call = bus.calls().find(new CallId(CALL)).toCompletableFuture().join().orElseThrow();
    assertThat(call.start().tenant()).isEqualTo("acme1");
    assertThat(call.start().from()).isEqualTo("09876543210");
    assertThat(call.start().format()).hasToString("pcm16/8000/1");
  }

  @ParameterizedTest
  @CsvSource({
    "bidirectional-16khz,  1920, stopped",
    "missing-stop,         640,  socket_lost",
    "no-media-format,      320,  callended",
    "duplicate-and-gap,    1280, callended",
    "media-before-start,   960,  stopped",
    "bad-payloads,         658,  callended",
    "other-spellings,      160,  stop",
    "stop-twice,           320,  stopped",
  })
  void recording_isStoredWithItsEndAndReason(String name, long bytes, String reason) {
    TestSocket socket = TestSocket.exotel(server);

    play(name, socket, "in");

    StoredCall stored = StoredCall.read(bus, CALL);
    assertThat(stored.end()).isEqualTo(bytes);
    assertThat(stored.reason()).isEqualTo(reason);
  }

  @Test
  void stop_closesWith1000AfterTwoSeconds() {
    TestSocket socket = TestSocket.exotel(server);

    playTexts("no-media-format", socket, "in");

    assertThat(socket.awaitClose()).isEqualTo(1000);
  }

  @Test
  void silentSocket_isClosedWith1008() {
    TestSocket socket = TestSocket.exotel(server);

    play("silent", socket, "in");

    assertThat(socket.awaitClose()).isEqualTo(1008);
  }

  @Test
  void secondSocketOfAnEndedCall_isASeparateCall() {
    TestSocket first = TestSocket.exotel(server);
    play("second-socket", first, "in");
    StoredCall.read(bus, CALL);
    TestSocket second = TestSocket.exotel(server);

    play("second-socket", second, "in2");

    StoredCall stored = StoredCall.read(bus, CALL + ".2");
    assertThat(stored.audio()).isEqualTo(audio(320, "speech"));
    assertThat(stored.reason()).isEqualTo("canceled or call ended");
    first.drop();
    second.drop();
  }

  @Test
  void secondSocketOfALiveCall_leavesTheFirstOpen() {
    TestSocket first = TestSocket.exotel(server);
    playTexts("missing-stop", first, "in");
    await().until(this::isOpenInTheLog);
    TestSocket second = TestSocket.exotel(server);
    playTexts("second-socket", second, "in2");

    assertThat(StoredCall.read(bus, CALL + ".2").audio()).hasSize(320);
    assertThat(first.isOpen()).isTrue();

    first.drop();
    assertThat(StoredCall.read(bus, CALL).reason()).isEqualTo("socket_lost");
    second.drop();
  }

  @Test
  void twentyUnreadableTexts_closeWith1007AndEndTheCall() {
    TestSocket socket = TestSocket.exotel(server);
    playTexts("missing-stop", socket, "in");

    for (int i = 0; i < 20; i++) {
      socket.send("not json");
    }

    assertThat(socket.awaitClose()).isEqualTo(1007);
    assertThat(StoredCall.read(bus, CALL).reason()).isEqualTo("protocol_error");
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void textOver256KiB_closesWith1009(boolean inTwoFragments) {
    TestSocket socket = TestSocket.exotel(server);
    String text = "{\"event\":\"x\",\"pad\":\"" + "a".repeat(300 * 1024) + "\"}";

    if (inTwoFragments) {
      socket.sendInTwo(text);
    } else {
      socket.send(text);
    }

    assertThat(socket.awaitClose()).isEqualTo(1009);
  }

  @Test
  void invalidCallSid_closesWith1008() {
    TestSocket socket = TestSocket.exotel(server);

    socket.send("{\"event\":\"start\",\"start\":{\"call_sid\":\"a/b\"}}");

    assertThat(socket.awaitClose()).isEqualTo(1008);
  }

  private boolean isOpenInTheLog() {
    return bus.calls().find(new CallId(CALL)).toCompletableFuture().join().isPresent();
  }

  private static void play(String name, TestSocket socket, String which) {
    for (Step step : ExotelTranscript.read(name).steps()) {
      switch (step) {
        case TextIn(_, String of, String text) -> {
          if (of.equals(which)) {
            socket.send(text);
          }
        }
        case BinaryIn(_, byte[] bytes) -> socket.send(bytes);
        case Control(_, String what) -> {
          switch (what) {
            case "tcp_eof", "tcp_reset" -> socket.drop();
            case "close" -> socket.close(1000);
            default -> {}
          }
        }
      }
    }
  }

  private static void playTexts(String name, TestSocket socket, String which) {
    ExotelTranscript.read(name).texts(which).forEach(text -> socket.send(text.text()));
  }

  private static byte[] audio(int length, String label) {
    return ExotelTranscript.audio(length, label);
  }
}
