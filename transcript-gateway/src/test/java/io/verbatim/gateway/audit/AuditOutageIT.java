package io.verbatim.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.testkit.network.TcpRoute;
import io.verbatim.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Reads of a live call while the database is away.
class AuditOutageIT {

  private static final String AGENT = TestTokens.agentOf("acme");
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void liveReadWithoutDatabase_isAnsweredAtOnce_andRecordedLater() {
    PostgresServer.Database database = PostgresServer.shared().create();
    try (TcpRoute route = TcpRoute.to(() -> PostgresServer.shared().port());
        InMemoryBus bus = new InMemoryBus();
        CallFixture calls = new CallFixture(bus);
        RunningGateway gateway =
            RunningGateway.on(bus, Map.of("DATABASE_URL", database.url(route.port())))) {
      await().atMost(TIMEOUT).until(() -> !health(gateway).contains("database"));
      TestCall call = calls.begin("live", "acme").addFinal("one");
      route.block();
      route.cut();
      await().atMost(TIMEOUT).until(() -> health(gateway).contains("database: not connected"));

      try (EventReader stream = gateway.events("/v1/calls/live/transcript?format=sse", AGENT)) {
        stream.awaitFinals("one");
        call.addFinal("two");
        stream.awaitFinals("one", "two");
      }
      assertThat(gateway.get("/v1/calls/live", AGENT).statusCode()).isEqualTo(200);
      assertThat(gateway.get("/v1/audit", TestTokens.operator()).statusCode()).isEqualTo(503);

      route.unblock();
      await()
          .atMost(TIMEOUT)
          .until(() ->
              gateway
                  .get("/v1/audit?tenant=acme", TestTokens.operator())
                  .body()
                  .contains("\"object\":\"call:live\""));
    }
  }

  private static String health(RunningGateway gateway) {
    return gateway.get("/health", "").body();
  }
}
