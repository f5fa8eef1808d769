package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.stage.CallStage;
import io.verbatim.gateway.stage.EventReader;
import io.verbatim.gateway.stage.RunningGateway;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.gateway.stage.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
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
  private final CallStage stage;
  private final RunningGateway gateway;

  LivePageIT(RedisServer redis) {
    this.bus = TestBus.on(redis.url());
    this.stage = new CallStage(bus);
    this.gateway = RunningGateway.on(redis.url(), Map.of());
  }

  @AfterEach
  void close() {
    gateway.close();
    stage.close();
    bus.close();
  }

  @Test
  void page_seesCallsOfItsTenantComeTalkAndEnd() {
    try (EventReader page = gateway.events("/v1/live?lines=2", AGENT)) {
      page.awaitEvent("caught-up");

      SpokenCall call = stage.begin("call-1", "acme").says("hello");
      stage.begin("call-2", "globex").says("secret");
      page.awaitFinals("hello");
      call.ends();

      await().until(() -> states(page).contains("ended"));
      assertThat(page.named("call")).allMatch(event -> event.text("tenant").equals("acme"));
      assertThat(page.finals()).containsExactly("hello");
    }
  }

  @Test
  void oneCallIsShownInFull_othersByTheirLastLines() {
    stage.begin("call-1", "acme").says("one").says("two").says("three");
    stage.begin("call-2", "acme").says("four").says("five").says("six");

    try (EventReader page = gateway.events("/v1/live?lines=2&call=call-1", AGENT)) {
      await().until(() -> page.finals().size() == 5);

      assertThat(finalsOf(page, "call-1")).containsExactly("one", "two", "three");
      assertThat(finalsOf(page, "call-2")).containsExactly("five", "six");
    }
  }

  @Test
  void pageResumesTheCallItShows() {
    SpokenCall call = stage.begin("call-1", "acme").says("one");
    String path = "/v1/live?lines=1&call=call-1";
    String lastId;
    try (EventReader page = gateway.events(path, AGENT)) {
      lastId = page.awaitEvent("final").id();
    }
    call.says("two");

    try (EventReader page = gateway.events(path, AGENT, "Last-Event-ID", lastId)) {
      page.awaitFinals("two");
      assertThat(page.named("resync")).isEmpty();
    }
  }

  @Test
  void callOfAnotherTenant_isNotShown() {
    stage.begin("call-1", "globex").says("secret");

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
