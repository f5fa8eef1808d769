package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.stage.CallStage;
import io.verbatim.gateway.stage.EventReader;
import io.verbatim.gateway.stage.RunningGateway;
import io.verbatim.gateway.stage.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
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
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RedisServer redis;

  ManyCallsIT(RedisServer redis) {
    this.redis = redis;
  }

  @Test
  void sixHundredLiveCalls_areAllOnTheWallAndInTheList() {
    try (Bus bus = TestBus.on(redis.url());
        CallStage stage = new CallStage(bus);
        RunningGateway gateway = RunningGateway.on(redis.url(), Map.of())) {
      await().until(() -> gateway.get("/actuator/health/readiness", "").statusCode() == 200);
      stage.begin("call-0", "acme").says("one").says("two").says("three");
      IntStream.range(1, CALLS).forEach(i -> stage.open("call-" + i, "acme"));

      try (EventReader wall = gateway.events("/v1/live?lines=2", TestTokens.agentOf("acme"))) {
        wall.awaitFinals("two", "three");
        await().atMost(PATIENCE).until(() -> shown(wall).size() == CALLS);
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
