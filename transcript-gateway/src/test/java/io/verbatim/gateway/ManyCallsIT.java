package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/// More live calls than one page of the directory has.
@ExtendWith(RedisExtension.class)
class ManyCallsIT {

  private static final int CALLS = 600;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final RedisServer redis;

  ManyCallsIT(RedisServer redis) {
    this.redis = redis;
  }

  @Test
  void sixHundredLiveCalls_areAllStreamedAndListed() {
    try (Bus bus = TestBus.on(redis.url());
        CallFixture calls = new CallFixture(bus);
        RunningGateway gateway = RunningGateway.on(redis.url(), Map.of())) {
      await().until(() -> gateway.get("/actuator/health/readiness", "").statusCode() == 200);
      calls.begin("call-0", "acme").addFinal("one").addFinal("two").addFinal("three");
      IntStream.range(1, CALLS).forEach(i -> calls.open("call-" + i, "acme"));

      try (EventReader wall = gateway.events("/v1/live?lines=2", TestTokens.agentOf("acme"))) {
        wall.awaitFinals("two", "three");
        await().atMost(TIMEOUT).until(() -> shown(wall).size() == CALLS);
      }
      for (String viewer : List.of(TestTokens.agentOf("acme"), TestTokens.operator())) {
        assertThat(calls(gateway.get("/v1/calls?limit=2000", viewer).body())).isEqualTo(CALLS);
      }
    }
  }

  private static Set<String> shown(EventReader wall) {
    return wall.named("call").stream()
        .map(event -> event.text("callId"))
        .collect(Collectors.toSet());
  }

  private static int calls(String list) {
    return JsonMapper.shared().readTree(list).path("calls").size();
  }
}
