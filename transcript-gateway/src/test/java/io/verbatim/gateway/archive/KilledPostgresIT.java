package io.verbatim.gateway.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Postgres is killed while 20 calls are live and end. `./bench database` measures how late the
/// live words are; this test checks that none is missing, repeated or out of order, and what the
/// database has afterwards.
class KilledPostgresIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int LIVE = 20;
  private static final String ACME = TestTokens.agentOf("acme");

  private final PostgresServer server = PostgresServer.startDurable();
  private final PostgresServer.Database database = server.create();
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway =
      RunningGateway.on(bus, Map.of("DATABASE_URL", database.url(), "MAX_SSE_CLIENTS", "100"));

  @AfterEach
  void close() {
    gateway.close();
    calls.close();
    bus.close();
    server.close();
  }

  @Test
  void liveWordsContinue_andEveryCallIsArchivedAndCountedOnce() {
    awaitHealth("\"ok\"");
    calls.begin("before", "acme").addFinal("archived before the kill").end();
    try (TestDatabase direct = TestDatabase.of(database)) {
      await().atMost(TIMEOUT).until(() -> direct.storedCalls() == 1);
    }
    List<TestCall> live = new ArrayList<>();
    List<EventReader> streams = new ArrayList<>();
    for (int call = 0; call < LIVE; call++) {
      live.add(calls.begin("live-" + call, "acme"));
      streams.add(gateway.events("/v1/calls/live-" + call + "/transcript?format=sse", ACME));
      streams.getLast().awaitEvent("caught-up");
    }
    speak(live, 0, 3);

    server.kill();

    speak(live, 3, 6);
    awaitHealth("database: not connected");
    speak(live, 6, 9);
    live.subList(0, LIVE / 2).forEach(TestCall::end);
    for (int call = 0; call < LIVE / 2; call++) {
      calls
          .begin("short-" + call, "acme")
          .addFinal("while it is away")
          .addGap(2_341, "log_lost")
          .end();
    }
    speak(live.subList(LIVE / 2, LIVE), 9, 12);
    for (int call = 0; call < LIVE; call++) {
      streams.get(call).awaitFinals(words(call < LIVE / 2 ? 9 : 12));
    }

    server.restart();

    live.subList(LIVE / 2, LIVE).forEach(TestCall::end);
    streams.forEach(stream -> stream.awaitEvent("ended"));
    int ended = 1 + LIVE + LIVE / 2;
    await().atMost(TIMEOUT).until(() -> usage("calls") == ended);
    try (TestDatabase direct = TestDatabase.of(database)) {
      assertThat(direct.storedCalls()).isEqualTo(ended);
      assertThat(direct.number("select count(*) from archived_call")).isEqualTo(ended);
      assertThat(direct.number("select count(distinct call_id) from archived_call"))
          .isEqualTo(ended);
    }
    checkUsageEqualsLedgers();
    streams.forEach(EventReader::close);
  }

  /// Each call gets the finals with these numbers, in times that are no whole seconds.
  private static void speak(List<TestCall> live, int from, int to) {
    for (int number = from; number < to; number++) {
      for (TestCall call : live) {
        long start = number * 317L;
        call.addFinal(Words.words("s" + number, start, start + 317, "word " + number));
      }
    }
  }

  private static String[] words(int count) {
    return IntStream.range(0, count).mapToObj(number -> "word " + number).toArray(String[]::new);
  }

  private void awaitHealth(String text) {
    await().atMost(TIMEOUT).until(() -> gateway.get("/health", "").body().contains(text));
  }

  /// The sum of a field over the days.
  private long usage(String field) {
    String token =
        TestTokens.token(claims -> claims.claim("tenant_id", "acme").claim("scope", "usage:read"));
    JsonNode rows = JsonMapper.shared().readTree(gateway.get("/v1/usage", token).body());
    return rows.path("usage").values().stream().mapToLong(row -> row.path(field).asLong()).sum();
  }

  private void checkUsageEqualsLedgers() {
    List<CallRecord> records = bus.calls().newest(100).toCompletableFuture().join();
    Map<String, ToLongFunction<CallRecord>> fields =
        Map.of(
            "receivedMs", CallRecord::receivedMs,
            "transcribedMs", CallRecord::transcribedMs,
            "gapMs", CallRecord::gapMs,
            "sentMs", CallRecord::sentMs,
            "finals", CallRecord::finals);
    fields.forEach((field, ledger) ->
        assertThat(usage(field)).as(field).isEqualTo(records.stream().mapToLong(ledger).sum()));
    assertThat(usage("receivedMs")).isPositive();
  }
}
