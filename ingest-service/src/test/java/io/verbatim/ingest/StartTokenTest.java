package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.service.MetricsServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sockets admitted without credentials because their `start` must contain a token.
class StartTokenTest {
  private static final Tokens TOKENS = new Tokens();
  private static final String PATH = "/v1/ingest";
  private static final String TOKEN = "start-1";

  /// Faulty sockets that have not authenticated.
  @SuppressWarnings("ImmutableEnumChecker") // The actions have no state.
  enum Fault {
    ANOTHER_TOKEN("bad_start_token", socket -> socket.send(start("c1", "start-2"))),
    NO_TOKEN(
        "bad_start_token",
        socket -> socket.send("{\"event\":\"start\",\"start\":{\"call_sid\":\"c1\"}}")),
    TOO_MUCH_TEXT(
        "no_start_token", socket -> socket.send("{\"event\":\"" + "x".repeat(17_000) + "\"}")),
    MANY_TEXTS(
        "no_start_token",
        socket ->
            IntStream.range(0, 9)
                .takeWhile(_ -> socket.isOpen())
                .forEach(_ -> socket.send("{\"event\":\"" + "x".repeat(2_000) + "\"}"))),
    TOO_MANY_BYTES("no_start_token", socket -> socket.send(new byte[17_000]));

    private final String reason;
    private final Consumer<TestSocket> action;

    Fault(String reason, Consumer<TestSocket> action) {
      this.reason = reason;
      this.action = action;
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault_closesWith1008AndIsCounted(Fault fault) {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = start(bus, Map.of())) {
      TestSocket socket = unauthenticated(server);

      fault.action.accept(socket);

      assertThat(socket.awaitClose()).isEqualTo(1008);
      int port = server.part(MetricsServer.class).port().orElseThrow();
      assertThat(RawRequest.plain(port, "GET", "/actuator/prometheus", Map.of()).text())
          .containsPattern("handshakes_rejected[^\n]*reason=\"" + fault.reason + "\"} [1-9]");
    }
  }

  @Test
  void noStart_closesWith1008AfterTheStartTimeout() {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = start(bus, Map.of("START_TIMEOUT", "300ms"))) {
      assertThat(unauthenticated(server).awaitClose()).isEqualTo(1008);
    }
  }

  @Test
  void requestWithoutUpgrade_needsTheTokenInTheQuery() {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = start(bus, Map.of())) {
      assertThat(plain(server, PATH)).isEqualTo(401);
      assertThat(plain(server, PATH + "?token=start-2")).isEqualTo(401);
      assertThat(plain(server, PATH + "?token=" + TOKEN)).isEqualTo(200);
    }
  }

  @Test
  void wrongTokens_countAsFailuresOfTheAddressAndTheRightTokenIsStillAccepted() {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = start(bus, Map.of("AUTH_FAILURES_PER_SECOND", "1"))) {
      Map<String, String> wrong = TestSocket.basic("wrong");
      for (int guess = 0; guess < 20; guess++) {
        TestSocket socket = unauthenticated(server);
        socket.send(start("c1", "guess-" + guess));
        assertThat(socket.awaitClose()).isEqualTo(1008);
      }

      assertThat(List.of(status(server, wrong), status(server, wrong))).contains(429);
      TestSocket right = unauthenticated(server);
      right.send(start("c1", TOKEN));
      await().until(() -> server.part(CallRegistry.class).size() == 1);
      right.drop();
    }
  }

  @Test
  void tooManyPendingConnections_evictTheOldest() {
    try (InMemoryBus bus = new InMemoryBus();
        IngestServer server = start(bus, Map.of("MAX_CALLS", "8"))) {
      TestSocket authenticated = unauthenticated(server);
      authenticated.send(start("c1", TOKEN));
      await().until(() -> server.part(CallRegistry.class).size() == 1);
      TestSocket oldest = unauthenticated(server);
      await().until(() -> server.part(OpenConnections.class).size() == 2);
      TestSocket second = unauthenticated(server);
      await().until(() -> server.part(OpenConnections.class).size() == 3);

      TestSocket third = unauthenticated(server);

      assertThat(oldest.awaitClose()).isEqualTo(1008);
      third.send(start("c3", TOKEN));
      await().until(() -> server.part(CallRegistry.class).size() == 2);
      assertThat(authenticated.isOpen()).isTrue();
      assertThat(second.isOpen()).isTrue();
      List.of(authenticated, second, third).forEach(TestSocket::drop);
    }
  }

  private static int status(IngestServer server, Map<String, String> headers) {
    return RawRequest.upgrade(server.port(), PATH, headers).status();
  }

  private static IngestServer start(InMemoryBus bus, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("EXOTEL_START_TOKEN", TOKEN);
    settings.put("PUBLIC_URL", "https://in.example.com");
    settings.put("MANAGEMENT_PORT", 0);
    return IngestServer.start(bus, TOKENS, settings);
  }

  private static TestSocket unauthenticated(IngestServer server) {
    return TestSocket.connect(server.socket(PATH), Map.of());
  }

  private static int plain(IngestServer server, String path) {
    return RawRequest.plain(server.port(), "GET", path, Map.of()).status();
  }

  private static String start(String call, String token) {
    return "{\"event\":\"start\",\"start\":{\"call_sid\":\"%s\",\"custom_parameters\":{\"token\":\"%s\"}}}"
        .formatted(call, token);
  }
}
