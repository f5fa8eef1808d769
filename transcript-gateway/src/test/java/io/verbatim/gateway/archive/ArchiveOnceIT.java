package io.verbatim.gateway.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.testkit.network.TcpRoute;
import io.verbatim.testkit.postgres.PostgresServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Each call is archived once, on a Postgres, with gateways that die and a database that is away.
class ArchiveOnceIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final TestDatabase database = TestDatabase.postgres();
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);

  /// A gateway with its own route to the database, so that it can be cut off as by a kill.
  private final class Member implements AutoCloseable {
    private final TcpRoute route = TcpRoute.to(() -> PostgresServer.shared().port());
    private final RunningGateway gateway =
        RunningGateway.on(bus, Map.of("DATABASE_URL", through(route)));

    void kill() {
      route.block();
      route.cut();
      gateway.close();
      route.close();
    }

    @Override
    public void close() {
      gateway.close();
      route.close();
    }
  }

  private String through(TcpRoute route) {
    return database
        .url()
        .replace(":" + URI.create(database.url()).getPort() + "/", ":" + route.port() + "/");
  }

  @AfterEach
  void close() {
    calls.close();
    bus.close();
    database.close();
  }

  @Test
  void twoGatewaysThatAreKilled_archiveEachOf200CallsOnce() {
    Random random = new Random(17);
    List<TestCall> open = new ArrayList<>();
    for (int call = 0; call < 200; call++) {
      open.add(calls.begin("call-" + call, "acme").addLines(1 + random.nextInt(250)));
    }
    List<Member> members = new ArrayList<>(List.of(new Member(), new Member()));
    open.forEach(TestCall::end);
    for (int kill = 0; kill < 6; kill++) {
      long stored = database.storedCalls();
      await().atMost(TIMEOUT).until(() -> database.storedCalls() > stored || stored == 200);
      members.remove(random.nextInt(2)).kill();
      members.add(new Member());
    }
    await().atMost(TIMEOUT).until(() -> database.storedCalls() == 200);
    members.forEach(Member::close);

    assertThat(database.number("select count(*) from archived_call")).isEqualTo(200);
    assertThat(database.number("select count(distinct call_id) from archived_call")).isEqualTo(200);
    List<CallRecord> records = bus.calls().newest(300).toCompletableFuture().join();
    assertThat(database.number("select sum(received_ms) from archived_call"))
        .isEqualTo(records.stream().mapToLong(CallRecord::receivedMs).sum());
    assertThat(database.number("select sum(finals) from archived_call"))
        .isEqualTo(records.stream().mapToLong(CallRecord::finals).sum());
    assertThat(
            database.number(
                "select count(*) from archived_call c where (select count(*) from archived_page p"
                    + " where p.call_ref = c.id) <> (c.finals + 1 + 99) / 100"))
        .isZero();
  }

  @Test
  void callsThatEndWhileDatabaseIsAway_areArchivedAfterwardsAndLiveWordsAreNotLate() {
    try (Member member = new Member()) {
      await().until(() -> member.gateway.get("/health", "").body().contains("\"ok\""));
      TestCall live = calls.begin("live", "acme");
      EventReader stream =
          member.gateway.events("/v1/calls/live/transcript?format=sse", TestTokens.agentOf("acme"));
      stream.awaitEvent("caught-up");
      member.route.block();
      member.route.cut();
      await()
          .atMost(TIMEOUT)
          .until(
              () -> member.gateway.get("/health", "").body().contains("database: not connected"));

      for (int call = 0; call < 20; call++) {
        calls.begin("away-" + call, "acme").addFinal("one").addGap(2_500, "log_lost").end();
      }
      live.addFinal("on time");

      stream.awaitFinals("on time");
      assertThat(member.gateway.get("/actuator/health/readiness", "").statusCode()).isEqualTo(200);
      assertThat(member.gateway.get("/v1/calls/unknown", TestTokens.agentOf("acme")).statusCode())
          .isEqualTo(503);
      assertThat(member.gateway.get("/v1/calls?state=ended", TestTokens.agentOf("acme")).body())
          .contains("away-19", "\"archiveAvailable\":false");
      stream.close();
      member.route.unblock();
      await().atMost(TIMEOUT).until(() -> database.storedCalls() == 20);
      assertThat(database.number("select sum(received_ms) from archived_call"))
          .isEqualTo(20 * 2_500);
      assertThat(database.number("select sum(gap_ms) from archived_call")).isEqualTo(20 * 1_500);
      assertThat(member.gateway.get("/v1/calls/unknown", TestTokens.agentOf("acme")).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void callsThatEndedBeforeTheGatewayStarted_areArchived() {
    for (int call = 0; call < 30; call++) {
      calls.begin("early-" + call, "acme").addFinal("one").end();
    }

    try (Member member = new Member()) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() ->
              assertThat(member.gateway.metrics())
                  .contains("verbatim_gateway_archived_calls_total 30.0"));
      assertThat(database.storedCalls()).isEqualTo(30);
    }
  }
}
