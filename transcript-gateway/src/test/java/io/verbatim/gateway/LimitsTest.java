package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.StalledSocket;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Reaches every limit of the gateway, and checks its outcome and its counter. The sweep and unused
/// calls are in `TranscriptHubTest`.
class LimitsTest {

  /// One limit each.
  enum Limit {
    AUTH_FAILURES_PER_SECOND("1", "verbatim_gateway_refusals_total", "too_many_failures") {
      @Override
      void reach(RunningGateway gateway, TestCall call) {
        AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
        int failures =
            countUntil(
                429,
                () -> {
                  last.set(gateway.get("/v1/calls", "x"));
                  return last.get().statusCode();
                });
        assertThat(failures).isBetween(10, 20);
        assertThat(last.get().headers().firstValue("Retry-After")).contains("1");
        assertThat(gateway.get("/v1/calls", TestTokens.operator()).statusCode()).isEqualTo(200);
      }
    },
    REQUESTS_PER_SECOND("1", "verbatim_gateway_refusals_total", "too_many_requests") {
      @Override
      void reach(RunningGateway gateway, TestCall call) {
        int served = countUntil(429, () -> gateway.get("/", "").statusCode());
        assertThat(served).isBetween(10, 20);
        assertThat(gateway.get("/health", "").statusCode()).isEqualTo(200);
      }
    },
    MAX_REQUEST_BODY("1KB", "verbatim_gateway_refusals_total", "body_too_large") {
      @Override
      void reach(RunningGateway gateway, TestCall call) {
        byte[] large = new byte[1025];
        assertThat(post(gateway, BodyPublishers.ofByteArray(new byte[1024]))).isEqualTo(204);
        assertThat(post(gateway, BodyPublishers.ofByteArray(large))).isEqualTo(413);
        assertThat(post(gateway, inChunks(large))).isEqualTo(413);
      }
    },
    MAX_SSE_CLIENTS("2", "verbatim_gateway_evictions_total", "capacity") {
      @Override
      void reach(RunningGateway gateway, TestCall call) {
        evictsTheOldest(gateway, TestTokens.operator(), TestTokens.operator());
      }
    },
    MAX_SSE_CLIENTS_PER_TENANT("2", "verbatim_gateway_evictions_total", "tenant_capacity") {
      @Override
      void reach(RunningGateway gateway, TestCall call) {
        try (EventReader operator = gateway.events("/v1/live", TestTokens.operator())) {
          operator.awaitEvent("caught-up");
          evictsTheOldest(gateway, TestTokens.agentOf("acme"), TestTokens.agentOf("acme"));
          assertThat(operator.isOver()).isFalse();
        }
      }
    },
    SSE_BUFFER("16KB", "verbatim_gateway_evictions_total", "slow") {
      @Override
      void reach(RunningGateway gateway, TestCall call) throws IOException {
        String agent = TestTokens.agentOf("acme");
        URI stream = gateway.uri("/v1/calls/acme-1/transcript");
        try (StalledSocket slow = new StalledSocket(stream, agent)) {
          slow.readUntil("caught-up");
          String page = "x".repeat(12_000);
          await()
              .until(() -> {
                IntStream.range(0, 20).forEach(_ -> call.addFinal(page));
                return gateway.metrics().contains("reason=\"slow\"} 1");
              });
        }
      }
    },
    REQUEST_TIMEOUT("300ms", "", "") {
      @Override
      void reach(RunningGateway gateway, TestCall call) {
        closesEndlessHeaders(gateway.port());
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

    abstract void reach(RunningGateway gateway, TestCall call) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void limit_actsAndIsCounted(Limit limit) throws IOException {
    Map<String, Object> settings = new HashMap<>();
    settings.put(limit.name(), limit.value);
    try (InMemoryBus bus = new InMemoryBus();
        CallFixture calls = new CallFixture(bus);
        RunningGateway gateway = RunningGateway.on(bus, settings)) {
      TestCall call = calls.begin("acme-1", "acme").addFinal("hello");

      limit.reach(gateway, call);

      if (!limit.counter.isEmpty()) {
        assertThat(gateway.metrics())
            .containsPattern(limit.counter + "\\{[^}]*reason=\"" + limit.reason + "\"[^}]*} [1-9]");
      }
    }
  }

  @Test
  void failuresBehindTrustedProxy_areCountedPerClient() {
    Map<String, Object> settings =
        Map.of("AUTH_FAILURES_PER_SECOND", "1", "TRUSTED_PROXIES", "127.0.0.1/32");
    try (InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway = RunningGateway.on(bus, settings)) {
      int failures = countUntil(429, () -> failsFrom(gateway, "203.0.113.1"));

      assertThat(failures).isBetween(10, 20);
      assertThat(failsFrom(gateway, "203.0.113.2")).isEqualTo(401);
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
        RunningGateway gateway = RunningGateway.on(bus, settings)) {
      int failures = countUntil(429, () -> failsBehindRender(gateway, "203.0.113.1"));

      assertThat(failures).isBetween(10, 20);
      assertThat(failsBehindRender(gateway, "203.0.113.2")).isEqualTo(401);
    }
  }

  /// A request that came through an edge server of Cloudflare and a proxy of Render.
  private static int failsBehindRender(RunningGateway gateway, String client) {
    return gateway
        .get(
            "/v1/calls",
            "x",
            "CF-Connecting-IP",
            client,
            "X-Forwarded-For",
            client + ", 172.64.0.1, 10.1.1.1")
        .statusCode();
  }

  private static int failsFrom(RunningGateway gateway, String client) {
    return gateway.get("/v1/calls", "x", "X-Forwarded-For", client).statusCode();
  }

  private static void evictsTheOldest(RunningGateway gateway, String first, String later) {
    try (EventReader oldest = gateway.events("/v1/live", first)) {
      oldest.awaitEvent("caught-up");
      try (EventReader second = gateway.events("/v1/live", later)) {
        second.awaitEvent("caught-up");
        try (EventReader third = gateway.events("/v1/live", later)) {
          third.awaitEvent("caught-up");
          assertThat(oldest.awaitEvent("evicted").id()).startsWith("evicted:");
          oldest.awaitEnd();
          assertThat(second.isOver()).isFalse();
        }
      }
    }
  }

  /// The number of responses before the first with this status.
  private static int countUntil(int status, java.util.function.IntSupplier request) {
    return (int)
        IntStream.generate(request).limit(1_000).takeWhile(answer -> answer != status).count();
  }

  private static int post(RunningGateway gateway, java.net.http.HttpRequest.BodyPublisher body) {
    HttpResponse<String> answer =
        gateway.send(gateway.request("/v1/session", TestTokens.operator()).POST(body));
    return answer.statusCode();
  }

  private static java.net.http.HttpRequest.BodyPublisher inChunks(byte[] bytes) {
    return BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes));
  }

  /// Sends a header that does not end, one byte at a time.
  private static void closesEndlessHeaders(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(50);
      Consumer<Socket> trickle = LimitsTest::writeOne;
      await()
          .until(() -> {
            trickle.accept(socket);
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
      // Detected by the next read.
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException closed) {
      return true;
    }
  }
}
