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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The stream of a whole page, from a real Redis.
@ExtendWith(RedisExtension.class)
class LivePageIT {

  private static final String AGENT = TestTokens.agentOf("acme");

  private final Bus bus;
  private final CallFixture calls;
  private final RunningGateway gateway;

  LivePageIT(RedisServer redis) {
    this.bus = TestBus.on(redis.url());
    this.calls = new CallFixture(bus);
    this.gateway = RunningGateway.on(redis.url(), Map.of());
  }

  @AfterEach
  void close() {
    gateway.close();
    calls.close();
    bus.close();
  }

  @Test
  void page_receivesCallsOfItsTenantFromBeginToEnd() {
    try (EventReader page = gateway.events("/v1/live?lines=2", AGENT)) {
      page.awaitEvent("caught-up");

      TestCall call = calls.begin("call-1", "acme").addFinal("hello");
      calls.begin("call-2", "globex").addFinal("secret");
      page.awaitFinals("hello");
      call.end();

      await().until(() -> states(page).contains("ended"));
      assertThat(page.named("call")).allMatch(event -> event.text("tenant").equals("acme"));
      assertThat(page.finals()).containsExactly("hello");
    }
  }

  @Test
  void page_receivesOneCallInFullAndLastLinesOfOthers() {
    calls.begin("call-1", "acme").addFinal("one").addFinal("two").addFinal("three");
    calls.begin("call-2", "acme").addFinal("four").addFinal("five").addFinal("six");

    try (EventReader page = gateway.events("/v1/live?lines=2&call=call-1", AGENT)) {
      await().until(() -> page.finals().size() == 5);

      assertThat(finalsOf(page, "call-1")).containsExactly("one", "two", "three");
      assertThat(finalsOf(page, "call-2")).containsExactly("five", "six");
    }
  }

  @Test
  void lastEventId_resumesTheCallInFull() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    String path = "/v1/live?lines=1&call=call-1";
    String lastId;
    try (EventReader page = gateway.events(path, AGENT)) {
      lastId = page.awaitEvent("final").id();
    }
    call.addFinal("two");

    try (EventReader page = gateway.events(path, AGENT, "Last-Event-ID", lastId)) {
      page.awaitFinals("two");
      assertThat(page.named("resync")).isEmpty();
    }
  }

  @Test
  void callOfOtherTenant_is404() {
    calls.begin("call-1", "globex").addFinal("secret");

    await().until(() -> gateway.get("/v1/live?call=call-1", AGENT).statusCode() == 404);
  }

  private static List<String> states(EventReader page) {
    return page.named("call").stream().map(event -> event.text("state")).toList();
  }

  private static List<String> finalsOf(EventReader page, String call) {
    return page.named("final").stream()
        .filter(event -> event.text("callId").equals(call))
        .map(event -> event.text("text"))
        .toList();
  }
}
