package io.verbatim.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.service.MetricsServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every close code of this service: its trigger in each dialect, the error message to a pcm
/// caller, and its counter. `LimitsTest` covers limits, `CallConnectionTest` internal errors.
class CloseCodesTest {
  private static final Tokens TOKENS = new Tokens();
  private static final String EXOTEL_START =
      "{\"event\":\"start\",\"start\":{\"call_sid\":\"c1\"}}";
  private static final String BAD_MEDIA = "{\"event\":\"media\",\"media\":{\"payload\":\"?\"}}";

  /// One trigger of a close.
  ///
  /// @param pcm whether the caller uses the pcm dialect; else Exotel's
  /// @param reason the reason label of the counter, and the error code in pcm
  record Row(
      String name,
      boolean pcm,
      Map<String, Object> settings,
      Consumer<TestSocket> action,
      int code,
      String reason) {
    @Override
    public String toString() {
      return (pcm ? "pcm " : "exotel ") + name;
    }
  }

  static Stream<Row> rows() {
    String start = PcmClient.start("c1", "");
    return Stream.of(
        exotel("stop", Map.of(), 1000, "stopped", EXOTEL_START, "{\"event\":\"stop\"}"),
        exotel("no media", Map.of("MEDIA_TIMEOUT", "200ms"), 1001, "media_timeout", EXOTEL_START),
        exotel("20 texts", Map.of(), 1007, "bad_json", times(20, "what")),
        exotel(
            "50 payloads",
            Map.of(),
            1007,
            "bad_base64",
            Stream.concat(Stream.of(EXOTEL_START), Stream.of(times(50, BAD_MEDIA)))
                .toArray(String[]::new)),
        exotel("bad call id", Map.of(), 1008, "bad_call_id", EXOTEL_START.replace("c1", "a call")),
        exotel("no start", Map.of("START_TIMEOUT", "200ms"), 1008, "no_start"),
        exotel(
            "large text",
            Map.of("MAX_MESSAGE", "192KB"),
            1009,
            "message_too_large",
            EXOTEL_START,
            "x".repeat(200 * 1024)),
        pcm("no media", Map.of("MEDIA_TIMEOUT", "200ms"), 1001, "media_timeout", start),
        new Row(
            "binary before start",
            true,
            Map.of(),
            socket -> socket.send(new byte[320]),
            1003,
            "no_start"),
        pcm("20 texts", Map.of(), 1007, "bad_json", times(20, "what")),
        new Row(
            "50 partial frames",
            true,
            Map.of(),
            socket -> {
              socket.send(start);
              socket.await("started");
              for (int frame = 0; frame < 50; frame++) {
                socket.send(new byte[321]);
              }
            },
            1007,
            "partial_sample"),
        pcm(
            "unsupported sample rate",
            Map.of(),
            1008,
            "bad_sample_rate",
            start.replace("8000", "11025")),
        pcm("no start", Map.of("START_TIMEOUT", "200ms"), 1008, "no_start"),
        pcm(
            "large text",
            Map.of("MAX_MESSAGE", "192KB"),
            1009,
            "message_too_large",
            "x".repeat(200 * 1024)),
        new Row(
            "large frame",
            true,
            Map.of(),
            socket -> {
              socket.send(start);
              socket.await("started");
              socket.send(new byte[100_002]);
            },
            1009,
            "frame_too_large"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void trigger_closesWithItsCodeErrorAndCounter(Row row) {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS, settings(row.settings))) {
      TestSocket socket =
          row.pcm ? TestSocket.pcm(server, TOKENS.valid()) : TestSocket.exotel(server);

      row.action.accept(socket);

      assertThat(socket.awaitClose()).isEqualTo(row.code);
      if (row.pcm) {
        assertThat(socket.received().getLast().path("event").stringValue()).isEqualTo("error");
        assertThat(socket.received().getLast().path("code").stringValue()).isEqualTo(row.reason);
      }
      assertThat(meters(server)).contains(closed(row.code, row.reason));
    }
  }

  @Test
  void resumedCall_closesTheOlderSocketWith1008() {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS)) {
      PcmClient older = PcmClient.connect(server, TOKENS, "c1");
      older.start();

      PcmClient newer = PcmClient.connect(server, TOKENS, "c1");
      newer.resume(1);

      assertThat(older.awaitError()).isEqualTo("superseded");
      assertThat(older.socket().awaitClose()).isEqualTo(1008);
      newer.stop();
    }
  }

  @Test
  void shutdown_closesWith1012() {
    try (InMemoryBus bus = new InMemoryBus()) {
      IngestServer server = IngestServer.start(bus, TOKENS);
      TestSocket exotel = TestSocket.exotel(server);
      exotel.send(EXOTEL_START);
      PcmClient pcm = PcmClient.connect(server, TOKENS, "p1");
      pcm.start();

      server.close();

      assertThat(exotel.awaitClose()).isEqualTo(1012);
      assertThat(pcm.awaitError()).isEqualTo("shutdown");
      assertThat(pcm.socket().awaitClose()).isEqualTo(1012);
    }
  }

  /// WebSocket libraries answer pings themselves, so this test uses a plain socket.
  @Test
  void peerWithoutPongs_isClosedWith1001() throws IOException {
    Map<String, Object> settings = Map.of("PING_INTERVAL", "100ms", "PONG_TIMEOUT", "200ms");
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS, settings(settings));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(15_000);
      StringBuilder request = new StringBuilder("GET /v1/ingest HTTP/1.1\r\nHost: x\r\n");
      Map<String, String> headers = new HashMap<>(TestSocket.basic(IngestServer.PASSWORD));
      headers.put("Connection", "Upgrade");
      headers.put("Upgrade", "websocket");
      headers.put("Sec-WebSocket-Version", "13");
      headers.put("Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0ODw==");
      headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
      socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));

      assertThat(closeCode(new DataInputStream(socket.getInputStream()))).isEqualTo(1001);

      assertThat(meters(server)).contains(closed(1001, "no_pong"));
    }
  }

  /// Skips the answer's headers and all frames before the close. All frames here are short.
  private static int closeCode(DataInputStream in) throws IOException {
    for (int matched = 0; matched < 4; ) {
      matched = in.readByte() == "\r\n\r\n".charAt(matched) ? matched + 1 : 0;
    }
    while (true) {
      int opcode = in.readByte() & 0x0f;
      byte[] payload = in.readNBytes(in.readByte() & 0x7f);
      if (opcode == 8) {
        return ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
      }
    }
  }

  private static Row exotel(
      String name, Map<String, Object> settings, int code, String reason, String... texts) {
    return new Row(name, false, settings, socket -> sendAll(socket, texts), code, reason);
  }

  private static Row pcm(
      String name, Map<String, Object> settings, int code, String reason, String... texts) {
    return new Row(name, true, settings, socket -> sendAll(socket, texts), code, reason);
  }

  private static void sendAll(TestSocket socket, String... texts) {
    for (String text : texts) {
      socket.send(text);
    }
  }

  private static String[] times(int count, String text) {
    return Stream.generate(() -> text).limit(count).toArray(String[]::new);
  }

  private static Map<String, Object> settings(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("MANAGEMENT_PORT", 0);
    return settings;
  }

  /// The counter after one close.
  private static String closed(int code, String reason) {
    return "verbatim_ingest_connections_closed_total{code=\"%d\",reason=\"%s\"} 1.0"
        .formatted(code, reason);
  }

  private static String meters(IngestServer server) {
    int port = server.part(MetricsServer.class).port().orElseThrow();
    return RawRequest.plain(port, "GET", "/actuator/prometheus", Map.of()).text();
  }
}
