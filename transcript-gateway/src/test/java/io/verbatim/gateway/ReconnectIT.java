package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// Many subscribers that connect at the same time, as after a restart of the gateway.
@ExtendWith({RedisExtension.class, OutputCaptureExtension.class})
class ReconnectIT {

  private static final String AGENT = TestTokens.agentOf("acme");
  private static final String STREAM = "/v1/calls/call-1/transcript";
  private static final int SUBSCRIBERS = 1_000;
  private static final int LINES = 300;
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private final RedisServer redis;
  private final Bus bus;
  private final CallFixture calls;
  private final RunningGateway gateway;

  ReconnectIT(RedisServer redis) {
    this.redis = redis;
    this.bus = TestBus.on(redis.url());
    this.calls = new CallFixture(bus);
    this.gateway =
        RunningGateway.on(
            redis.url(), Map.of("MAX_SSE_CLIENTS", "2000", "REQUESTS_PER_SECOND", "10000"));
  }

  @AfterEach
  void close() {
    gateway.close();
    calls.close();
    bus.close();
  }

  @Test
  void thousandSubscribersOfOneCall_catchUpWithFewReads(CapturedOutput log) {
    await().until(() -> gateway.get("/actuator/health/readiness", "").statusCode() == 200);
    TestCall call = calls.begin("call-1", "acme").addLines(LINES);
    List<String> ids;
    try (EventReader first = gateway.events(STREAM, AGENT)) {
      first.awaitEvent("caught-up");
      ids = first.named("final").stream().map(EventReader.Event::id).toList();
    }
    long before = reads();

    List<EventReader> subscribers =
        IntStream.range(0, SUBSCRIBERS)
            .mapToObj(
                i -> gateway.events(STREAM, AGENT, "Last-Event-ID", ids.get(LINES - 1 - i % 20)))
            .toList();

    await()
        .atMost(TIMEOUT)
        .until(() -> subscribers.stream().noneMatch(each -> each.named("caught-up").isEmpty()));
    call.addFinal("the end");
    await()
        .atMost(TIMEOUT)
        .until(() -> subscribers.stream().allMatch(each -> each.finals().contains("the end")));
    for (int i = 0; i < SUBSCRIBERS; i++) {
      assertThat(subscribers.get(i).finals()).hasSize(i % 20 + 1).endsWith("the end");
      assertThat(subscribers.get(i).named("resync")).isEmpty();
    }
    assertThat(reads() - before).as("reads of the transcript").isLessThan(100);
    assertThat(log.getAll()).doesNotContain("ERROR", "unanswered");
    subscribers.forEach(EventReader::close);
  }

  private long reads() {
    return Stream.of("xrange", "xrevrange", "xread").mapToLong(this::calls).sum();
  }

  private long calls(String command) {
    var calls =
        Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
            .matcher(redis.commands().info("commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }
}
