package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.stage.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.stage.RunningGateway;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The line is lost and found again: no word is missing on the page, and none is there twice.
@Timeout(120)
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class ResumeIT {

  private static final LocatorAssertions.HasTextOptions PATIENTLY =
      new LocatorAssertions.HasTextOptions().setTimeout(25_000);

  private final RedisServer redis;
  private final Desk desk;
  private final Page page;

  ResumeIT(RedisServer redis, Chromium chromium) {
    this.redis = redis;
    desk = new Desk(redis, chromium);
    page = desk.page;
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void twentyCuts_leaveExactlyTheWordsOfTheLog() throws InterruptedException {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT);
    AtomicInteger spoken = new AtomicInteger();
    ScheduledExecutorService speaker = Executors.newSingleThreadScheduledExecutor();
    try (RunningGateway other = RunningGateway.on(redis.url(), Map.of());
        FlakyLine line = new FlakyLine(desk.gateway.port())) {
      page.navigate(line.address("/calls/call-1"));
      Desk.signIn(page);
      assertThat(desk.badge()).hasText("Live");
      page.evaluate(
          """
          () => {
            const badge = document.getElementById("badge");
            window.lost = 0;
            new MutationObserver(() => (window.lost += badge.textContent === "Reconnecting" ? 1 : 0))
                .observe(badge, { childList: true, characterData: true, subtree: true });
          }
          """);
      speaker.scheduleAtFixedRate(
          () -> speak(call, spoken.getAndIncrement()), 0, 40, TimeUnit.MILLISECONDS);

      for (int cut = 1; cut <= 20; cut++) {
        line.leadTo(cut % 2 == 0 ? desk.gateway.port() : other.port());
        line.cut();
        page.waitForFunction("lost => window.lost >= lost", cut);
        assertThat(desk.badge()).hasText("Live", PATIENTLY);
      }
      speaker.shutdown();
      assertThat(speaker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      call.ends();
      assertThat(desk.badge()).hasText("Ended, complete");

      assertThat(desk.words().allTextContents())
          .hasSize(spoken.get())
          .isEqualTo(wordsOfTheLog("call-1"));
    } finally {
      speaker.shutdownNow();
    }
  }

  private static void speak(SpokenCall call, int number) {
    long from = number * 100L;
    call.guesses(words("s" + number, from, from + 60, "word"));
    call.says(words("s" + number, from, from + 100, "word " + number));
  }

  private List<String> wordsOfTheLog(String call) {
    String json =
        desk.gateway
            .get("/v1/calls/" + call + "/transcript?format=json", TestTokens.agentOf(Desk.TENANT))
            .body();
    List<String> words = new ArrayList<>();
    for (JsonNode entry : JsonMapper.shared().readTree(json).path("entries").values()) {
      if (entry.path("type").asString().equals("final")) {
        words.add(entry.path("text").asString());
      }
    }
    return words;
  }

  @Test
  void gatewayKilledAndRestarted_isResumed() {
    int port = GatewayProcess.freePort();
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT).says("one").says("two");
    try (GatewayProcess gateway = GatewayProcess.start(redis.url(), port)) {
      page.navigate("http://127.0.0.1:" + port + "/calls/call-1");
      Desk.signIn(page);
      assertThat(desk.words()).hasText(new String[] {"one", "two"});

      gateway.kill();
      assertThat(desk.badge()).hasText("Reconnecting");
      call.says("three");
    }
    try (RunningGateway _ = RunningGateway.on(redis.url(), Map.of("PORT", port))) {
      assertThat(desk.badge()).hasText("Live", PATIENTLY);
      call.says("four");
      assertThat(desk.words()).hasText(new String[] {"one", "two", "three", "four"});
    }
  }

  @Test
  void lineThatIsDeadButNotClosed_isNoticedAndLeft() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT).says("one");
    try (FlakyLine line = new FlakyLine(desk.gateway.port())) {
      page.clock().install();
      page.navigate(line.address("/calls/call-1"));
      Desk.signIn(page);
      assertThat(desk.words()).hasText(new String[] {"one"});

      line.holdAfter(0);
      call.says("two");
      page.clock().runFor(39_000);
      assertThat(desk.badge()).hasText("Live");
      page.clock().runFor(2_000);
      assertThat(desk.badge()).hasText("Reconnecting");
      line.letGo();
      page.clock().runFor(3_000);

      assertThat(desk.words()).hasText(new String[] {"one", "two"});
    }
  }

  @Test
  void redisAway_isSaidAndEndsByItself() {
    SpokenCall call =
        desk.stage
            .begin("call-1", Desk.TENANT)
            .isHeardBy(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", ""))
            .says("one");
    desk.read("call-1");

    redis.pause();
    assertThat(desk.badge()).hasText("Reconnecting to the log", PATIENTLY);
    redis.resume();

    assertThat(desk.badge()).hasText("Live", PATIENTLY);
    call.says("two");
    assertThat(desk.words()).hasText(new String[] {"one", "two"});
  }
}
