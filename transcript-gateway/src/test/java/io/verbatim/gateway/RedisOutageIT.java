package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.stage.CallStage;
import io.verbatim.gateway.stage.EventReader;
import io.verbatim.gateway.stage.RunningGateway;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.gateway.stage.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What watchers see while Redis is away, and when it is back.
class RedisOutageIT {

  private static final String AGENT = TestTokens.agentOf("acme");
  private static final String STREAM = "/v1/calls/call-1/transcript";
  private static final String TRANSCRIPT = "transcript:{call-1}";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RedisServer redis = RedisServer.startDurable();
  private final RunningGateway gateway = RunningGateway.on(redis.url(), Map.of());

  @AfterEach
  void close() {
    gateway.close();
    redis.close();
  }

  @Test
  void stream_opensWithoutRedisAndGoesOnWhenItIsBack() {
    try (Bus bus = TestBus.on(redis.url());
        CallStage stage = new CallStage(bus)) {
      SpokenCall call = stage.begin("call-1", "acme").says("one");
      try (EventReader early = gateway.events(STREAM, AGENT)) {
        early.awaitFinals("one");
        redis.kill();
        await().atMost(PATIENCE).until(() -> !early.named("status").isEmpty());
        assertThat(gateway.get("/health", "").body()).contains("degraded", "redis: not connected");
        assertThat(gateway.get("/actuator/health/readiness", "").statusCode()).isEqualTo(503);
        assertThat(gateway.get("/v1/calls", AGENT).statusCode()).isEqualTo(503);

        try (EventReader late = gateway.events(STREAM, AGENT)) {
          assertThat(late.status()).isEqualTo(200);
          assertThat(late.awaitEvent("status").text("reason")).contains("redis");
          redis.restart();

          await().atMost(PATIENCE).until(() -> late.finals().size() == 1);
          await().atMost(PATIENCE).ignoreExceptions().until(() -> call.says("two") == call);
          late.awaitFinals("one", "two");
          early.awaitFinals("one", "two");
          assertThat(early.finals()).containsExactly("one", "two");
          assertThat(early.named("resync")).isEmpty();
        }
      }
    }
  }

  @Test
  void logThatLostItsTail_isReadAnew() {
    try (Bus bus = TestBus.on(redis.url());
        CallStage stage = new CallStage(bus)) {
      stage.begin("call-1", "acme").says("one").says("two");
    }
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      reader.awaitFinals("one", "two");
      redis.commands().del(TRANSCRIPT);
      redis.restart();

      reader.awaitEvent("resync");
    }
  }

  @Test
  void gapThatTookThePlaceOfLostWords_isNotTakenForThem() {
    try (Bus bus = TestBus.on(redis.url());
        CallStage stage = new CallStage(bus)) {
      stage.begin("call-1", "acme").says("one").says("two");
    }
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      reader.awaitFinals("one", "two");
      String last =
          redis
              .commands()
              .xrevrange(TRANSCRIPT, Range.unbounded(), Limit.from(1))
              .getFirst()
              .getId();
      redis.commands().del(TRANSCRIPT);
      redis
          .commands()
          .xadd(
              TRANSCRIPT,
              new XAddArgs().id(last),
              Map.of("type", "gap", "data", "{\"startMs\":0,\"endMs\":9,\"reason\":\"log_lost\"}"));
      redis.restart();

      reader.awaitEvent("resync");
      assertThat(reader.awaitEvent("gap").text("reason")).isEqualTo("log_lost");
    }
  }

  /// Whoever reads only the last lines is told too, and reads only the last lines again.
  @Test
  void tailOfALogThatLostItsWords_beginsAnewWithItsLastLines() {
    try (Bus bus = TestBus.on(redis.url());
        CallStage stage = new CallStage(bus)) {
      stage.begin("call-1", "acme").says("one").says("two").says("three");
    }
    try (EventReader reader = gateway.events("/v1/live?lines=2", AGENT)) {
      reader.awaitFinals("two", "three");
      redis
          .commands()
          .eval(
              """
              local words = redis.call('XRANGE', KEYS[1], '-', '+')
              redis.call('DEL', KEYS[1])
              redis.call('XADD', KEYS[1], '900000-0', 'type', 'gap', 'data', ARGV[1])
              for i, word in ipairs(words) do redis.call('XADD', KEYS[1], '900000-' .. i, unpack(word[2])) end
              """,
              ScriptOutputType.STATUS,
              new String[] {TRANSCRIPT},
              "{\"startMs\":0,\"endMs\":9000,\"reason\":\"log_lost\"}");

      reader.awaitEvent("resync");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(standsSinceResync(reader)).containsExactly("two", "three"));
    }
  }

  private static List<String> standsSinceResync(EventReader reader) {
    return reader.events().stream()
        .dropWhile(event -> !event.name().equals("resync"))
        .filter(event -> event.name().equals("final") || event.name().equals("gap"))
        .map(event -> event.text("text"))
        .toList();
  }

  /// Where no outage is seen, and new words stand above the gap before anybody looks: whether it
  /// stands above the words that were shown, or in the place of the last of them, where no reader
  /// sees it.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gapForWordsThatWereShown_isNotAddedToThem(boolean inTheirPlace) {
    try (Bus bus = TestBus.on(redis.url());
        CallStage stage = new CallStage(bus)) {
      stage.begin("call-1", "acme").says("one").says("two");
    }
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      reader.awaitFinals("one", "two");
      // So long that the gateway has looked in between.
      await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> !reader.isOver());
      redis
          .commands()
          .eval(
              """
              local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
              redis.call('DEL', KEYS[1])
              redis.call('XADD', KEYS[1], ARGV[2] == 'true' and last[1] or '900000-0', 'type', 'gap', 'data', ARGV[1])
              redis.call('XADD', KEYS[1], '900001-0', unpack(last[2]))
              """,
              ScriptOutputType.STATUS,
              new String[] {TRANSCRIPT},
              "{\"startMs\":0,\"endMs\":9000,\"reason\":\"log_lost\"}",
              String.valueOf(inTheirPlace));

      reader.awaitEvent("resync");
      await().until(() -> !reader.named("gap").isEmpty());
    }
  }
}
