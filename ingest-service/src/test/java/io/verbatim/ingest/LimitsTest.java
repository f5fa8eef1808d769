package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.service.MetricsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every limit of this service: its outcome and its counter. `CallSessionTest` and `PcmCallIT`
/// cover the limits on audio in memory and on frames.
class LimitsTest {
  private static final Tokens TOKENS = new Tokens();
  private static final String PATH = "/v1/ingest";

  /// The limits, by setting.
  enum Limit {
    MAX_CALLS("1", "connections_closed", "too_many_calls") {
      @Override
      void reach(IngestServer server) {
        PcmClient first = PcmClient.connect(server, TOKENS, "p1");
        TestSocket late = TestSocket.exotel(server);
        first.start();
        late.send(exotelStart("c1"));
        assertThat(late.awaitClose()).isEqualTo(1013);
        RawRequest refused = RawRequest.upgrade(server.port(), PATH, basic());
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers()).containsKey("Retry-After");
        first.stop();
      }
    },
    MAX_CALLS_PER_TENANT("1", "connections_closed", "too_many_calls_of_tenant") {
      @Override
      void reach(IngestServer server) {
        PcmClient first = PcmClient.connect(server, TOKENS, "p1");
        PcmClient second = PcmClient.connect(server, TOKENS, "p2");
        first.start();
        second.socket().send(PcmClient.start("p2", ""));
        assertThat(second.awaitError()).isEqualTo("too_many_calls_of_tenant");
        assertThat(second.socket().awaitClose()).isEqualTo(1013);
        TestSocket another = TestSocket.exotel(server);
        another.send(exotelStart("c1"));
        first.stop();
        assertThat(another.isOpen()).isTrue();
        another.drop();
      }
    },
    AUTH_FAILURES_PER_SECOND("1", "handshakes_rejected", "too_many_failures") {
      @Override
      void reach(IngestServer server) {
        AtomicReference<RawRequest> last = new AtomicReference<>();
        int explained =
            countUntil(
                429,
                () -> {
                  last.set(RawRequest.upgrade(server.port(), PATH, Map.of()));
                  return last.get().status();
                });
        assertThat(explained).isBetween(10, 20);
        assertThat(last.get().headers()).containsEntry("Retry-After", "1");
        assertThat(RawRequest.upgrade(server.port(), PATH, basic()).status()).isEqualTo(101);
      }
    },
    REQUESTS_PER_SECOND("1", "handshakes_rejected", "too_many_requests") {
      @Override
      void reach(IngestServer server) {
        int served = countUntil(429, () -> get(server, PATH));
        assertThat(served).isBetween(10, 20);
        assertThat(get(server, "/health")).isEqualTo(200);
        assertThat(RawRequest.upgrade(server.port(), PATH, basic()).status()).isEqualTo(101);
      }
    },
    MAX_REQUEST_BODY("1KB", "handshakes_rejected", "body_too_large") {
      @Override
      void reach(IngestServer server) {
        String head = "POST " + PATH + " HTTP/1.1\r\nHost: x\r\n" + authorization();
        String length = head + "Content-Length: %d\r\n\r\n%s";
        assertThat(statusOf(server, length.formatted(1024, "x".repeat(1024)))).isEqualTo(200);
        assertThat(statusOf(server, length.formatted(1025, "x".repeat(1025)))).isEqualTo(413);
        String chunk = "200\r\n" + "x".repeat(512) + "\r\n";
        assertThat(statusOf(server, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(3)))
            .isEqualTo(413);
      }
    },
    START_TIMEOUT("300ms", "connections_closed", "no_start") {
      @Override
      void reach(IngestServer server) {
        assertThat(TestSocket.exotel(server).awaitClose()).isEqualTo(1008);
        assertThat(TestSocket.pcm(server, TOKENS.valid()).awaitClose()).isEqualTo(1008);
      }
    },
    MEDIA_TIMEOUT("300ms", "connections_closed", "media_timeout") {
      @Override
      void reach(IngestServer server) {
        TestSocket exotel = TestSocket.exotel(server);
        exotel.send(exotelStart("c1"));
        PcmClient pcm = PcmClient.connect(server, TOKENS, "p1");
        pcm.start();
        assertThat(exotel.awaitClose()).isEqualTo(1001);
        assertThat(pcm.socket().awaitClose()).isEqualTo(1001);
      }
    },
    SESSION_TIMEOUT("500ms", "connections_closed", "session_timeout") {
      @Override
      void reach(IngestServer server) {
        PcmClient pcm = PcmClient.connect(server, TOKENS, "p1");
        pcm.start();
        pcm.send(1, 10);
        assertThat(pcm.awaitError()).isEqualTo("session_timeout");
        assertThat(pcm.socket().awaitClose()).isEqualTo(1013);
      }
    },
    TRANSCRIPT_TIMEOUT("300ms", "transcript_timeouts", "") {
      @Override
      void reach(IngestServer server) {
        TestSocket pcm = TestSocket.pcm(server, TOKENS.valid());
        pcm.send(PcmClient.start("p1", ",\"transcripts\":true"));
        pcm.send("{\"event\":\"stop\"}");
        assertThat(pcm.await("error").path("code").stringValue()).isEqualTo("transcript_timeout");
        pcm.await("stopped");
        assertThat(pcm.awaitClose()).isEqualTo(1000);
      }
    },
    MAX_MESSAGE("192KB", "connections_closed", "message_too_large") {
      @Override
      void reach(IngestServer server) {
        TestSocket whole = TestSocket.exotel(server);
        TestSocket inTwo = TestSocket.exotel(server);
        String large = "{\"event\":\"x\",\"x\":\"" + "x".repeat(192 * 1024) + "\"}";
        whole.send(large);
        inTwo.sendInTwo(large);
        assertThat(whole.awaitClose()).isEqualTo(1009);
        assertThat(inTwo.awaitClose()).isEqualTo(1009);
      }
    },
    INTAKE_BURST("1s", "rate_limited", "") {
      @Override
      void reach(IngestServer server) {
        PcmClient pcm = PcmClient.connect(server, TOKENS, "p1");
        pcm.start();
        pcm.send(1, 100);
        assertThat(pcm.stop()).isEqualTo(100);
        assertThat(pcm.socket().awaitClose()).isEqualTo(1000);
      }
    },
    REQUEST_TIMEOUT("300ms", "handshakes_rejected", "body_too_slow") {
      @Override
      void reach(IngestServer server) {
        assertEndlessHeadersAreClosed(server.port());
        String head = "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";
        assertThat(statusOf(server, head + "x")).isEqualTo(408);
        String upgrade = head.replace("POST", "GET").replace("Host", "Upgrade: websocket\r\nHost");
        assertThat(statusOf(server, upgrade + "x")).isEqualTo(408);
      }
    };

    private final String value;
    private final String counter;
    private final String reason;

    Limit(String value, String counter, String reason) {
      this.value = value;
      this.counter = counter;
      this.reason = reason;
    }

    abstract void reach(IngestServer server);
  }

  @ParameterizedTest
  @EnumSource
  void limitReached_hasItsOutcomeAndIsCounted(Limit limit) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("MANAGEMENT_PORT", 0);
    settings.put(limit.name(), limit.value);
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS, settings)) {
      limit.reach(server);

      if (!limit.counter.isEmpty()) {
        int port = server.part(MetricsServer.class).port().orElseThrow();
        assertThat(RawRequest.plain(port, "GET", "/actuator/prometheus", Map.of()).text())
            .containsPattern(
                "verbatim_ingest_"
                    + limit.counter
                    + "[^\n]*"
                    + (limit.reason.isEmpty() ? "" : "reason=\"" + limit.reason + "\"")
                    + "[^\n]* [1-9]");
      }
    }
  }

  @Test
  void connectionsOverTwiceMaxCalls_areRejected() {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS, Map.of("MAX_CALLS", "1"))) {
      TestSocket first = TestSocket.exotel(server);
      TestSocket second = TestSocket.exotel(server);
      await().until(() -> server.part(OpenConnections.class).size() == 2);

      RawRequest refused = RawRequest.upgrade(server.port(), PATH, basic());

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsKey("Retry-After");
      assertThat(refused.json().path("code").stringValue()).isEqualTo("too_many_connections");
      assertThat(refused.json().path("detail").stringValue()).contains("twice MAX_CALLS");
      first.drop();
      second.drop();
    }
  }

  @Test
  void shortRequestTimeout_doesNotEndCalls() {
    Map<String, Object> settings = Map.of("REQUEST_TIMEOUT", "300ms");
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS, settings)) {
      PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
      caller.start();

      await().during(Duration.ofSeconds(1)).until(() -> caller.socket().isOpen());

      caller.send(1, 10);
      caller.awaitAck(10);
      assertThat(caller.stop()).isEqualTo(10);
    }
  }

  @Test
  void failuresBehindATrustedProxy_areCountedPerClient() {
    Map<String, Object> settings =
        Map.of("AUTH_FAILURES_PER_SECOND", "1", "TRUSTED_PROXIES", "127.0.0.1/32");
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS, settings)) {
      Map<String, String> one = Map.of("X-Forwarded-For", "203.0.113.1");
      Map<String, String> other = Map.of("X-Forwarded-For", "203.0.113.2");
      int port = server.port();

      int explained = countUntil(429, () -> RawRequest.upgrade(port, PATH, one).status());

      assertThat(explained).isBetween(10, 20);
      assertThat(RawRequest.upgrade(port, PATH, other).status()).isEqualTo(401);
    }
  }

  @Test
  void failuresBehindRender_areCountedPerClient() {
    Map<String, Object> settings =
        Map.of(
            "AUTH_FAILURES_PER_SECOND",
            "1",
            "TRUSTED_PROXIES",
            "127.0.0.1,10.0.0.0/8",
            "CLIENT_IP_HEADER",
            "CF-Connecting-IP");
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS, settings)) {
      Map<String, String> one = render("203.0.113.1");
      int port = server.port();

      int explained = countUntil(429, () -> RawRequest.upgrade(port, PATH, one).status());

      assertThat(explained).isBetween(10, 20);
      assertThat(RawRequest.upgrade(port, PATH, render("203.0.113.2")).status()).isEqualTo(401);
    }
  }

  /// The headers of a request that came through an edge server of Cloudflare and a proxy of Render.
  private static Map<String, String> render(String client) {
    return Map.of("CF-Connecting-IP", client, "X-Forwarded-For", client + ", 172.64.0.1, 10.1.1.1");
  }

  @Test
  void failuresWithForgedForwardedFor_areCountedByThePeersAddress() {
    Map<String, Object> settings = Map.of("AUTH_FAILURES_PER_SECOND", "1");
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS, settings)) {
      AtomicInteger forged = new AtomicInteger();

      int explained =
          countUntil(
              429,
              () -> {
                Map<String, String> headers =
                    Map.of("X-Forwarded-For", "203.0.113." + forged.incrementAndGet());
                return RawRequest.upgrade(server.port(), PATH, headers).status();
              });

      assertThat(explained).isBetween(10, 20);
    }
  }

  @ParameterizedTest
  @EnumSource(Headers.class)
  void headersOverTheLimit_areRejected(Headers headers) {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = IngestServer.start(bus, TOKENS)) {
      assertThat(statusOf(server, headers.request)).isIn(400, 413, 414, 431);
      assertThat(get(server, "/health")).isEqualTo(200);
    }
  }

  /// Requests with a large head.
  enum Headers {
    LINE("GET /" + "x".repeat(64 * 1024) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
    ONE("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(64 * 1024) + "\r\n\r\n"),
    MANY("GET / HTTP/1.1\r\nHost: x\r\n" + "X: x\r\n".repeat(16 * 1024) + "\r\n");

    private final String request;

    Headers(String request) {
      this.request = request;
    }
  }

  private static String exotelStart(String call) {
    return "{\"event\":\"start\",\"start\":{\"call_sid\":\"" + call + "\"}}";
  }

  private static Map<String, String> basic() {
    return TestSocket.basic(IngestServer.PASSWORD);
  }

  private static String authorization() {
    return "Authorization: " + basic().get("Authorization") + "\r\n";
  }

  private static int get(IngestServer server, String path) {
    return RawRequest.plain(server.port(), "GET", path, basic()).status();
  }

  /// Counts the answers before the first with this status.
  private static int countUntil(int status, IntSupplier request) {
    return (int)
        IntStream.generate(request).limit(1_000).takeWhile(answer -> answer != status).count();
  }

  private static int statusOf(IngestServer server, String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] head = socket.getInputStream().readNBytes(12);
      return Integer.parseInt(new String(head, StandardCharsets.US_ASCII).substring(9));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends an endless header one byte at a time, until the service closes the connection.
  private static void assertEndlessHeadersAreClosed(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(50);
      socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      await()
          .until(() -> {
            writeOne(socket);
            return isClosed(socket);
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeOne(Socket socket) {
    try {
      socket.getOutputStream().write('x');
    } catch (IOException closed) {
      // The next read detects it.
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException closed) {
      return true;
    }
  }
}
