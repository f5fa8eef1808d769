package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
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

/// After lost connections no word on the page is missing or repeated.
@Timeout(120)
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class ResumeIT {

  private static final LocatorAssertions.HasTextOptions LONG_TIMEOUT =
      new LocatorAssertions.HasTextOptions().setTimeout(25_000);

  private final RedisServer redis;
  private final PageFixture fixture;
  private final Page page;

  ResumeIT(RedisServer redis, Chromium chromium) {
    this.redis = redis;
    fixture = new PageFixture(redis, chromium);
    page = fixture.page;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void twentyDisconnects_showExactlyTheWordsOfTheLog() throws InterruptedException {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT);
    AtomicInteger spoken = new AtomicInteger();
    ScheduledExecutorService speaker = Executors.newSingleThreadScheduledExecutor();
    try (RunningGateway other = RunningGateway.on(redis.url(), Map.of());
        FaultyProxy proxy = new FaultyProxy(fixture.gateway.port())) {
      page.navigate(proxy.address("/calls/call-1"));
      PageFixture.signIn(page);
      assertThat(fixture.badge()).hasText("Live");
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
        proxy.routeTo(cut % 2 == 0 ? fixture.gateway.port() : other.port());
        proxy.cut();
        page.waitForFunction("lost => window.lost >= lost", cut);
        assertThat(fixture.badge()).hasText("Live", LONG_TIMEOUT);
      }
      speaker.shutdown();
      assertThat(speaker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      call.end();
      assertThat(fixture.badge()).hasText("Ended, complete");

      assertThat(fixture.words().allTextContents())
          .hasSize(spoken.get())
          .isEqualTo(wordsOfTheLog("call-1"));
    } finally {
      speaker.shutdownNow();
    }
  }

  private static void speak(TestCall call, int number) {
    long from = number * 100L;
    call.setInterim(words("s" + number, from, from + 60, "word"));
    call.addFinal(words("s" + number, from, from + 100, "word " + number));
  }

  private List<String> wordsOfTheLog(String call) {
    String json =
        fixture
            .gateway
            .get(
                "/v1/calls/" + call + "/transcript?format=json",
                TestTokens.agentOf(PageFixture.TENANT))
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
  void killedAndRestartedGateway_isResumed() {
    int port = GatewayProcess.freePort();
    TestCall call =
        fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("one").addFinal("two");
    try (GatewayProcess gateway = GatewayProcess.start(redis.url(), port)) {
      page.navigate("http://127.0.0.1:" + port + "/calls/call-1");
      PageFixture.signIn(page);
      assertThat(fixture.words()).hasText(new String[] {"one", "two"});

      gateway.kill();
      assertThat(fixture.badge()).hasText("Reconnecting");
      call.addFinal("three");
    }
    try (RunningGateway _ = RunningGateway.on(redis.url(), Map.of("PORT", port))) {
      assertThat(fixture.badge()).hasText("Live", LONG_TIMEOUT);
      call.addFinal("four");
      assertThat(fixture.words()).hasText(new String[] {"one", "two", "three", "four"});
    }
  }

  @Test
  void deadConnection_isReplaced() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("one");
    try (FaultyProxy proxy = new FaultyProxy(fixture.gateway.port())) {
      page.clock().install();
      page.navigate(proxy.address("/calls/call-1"));
      PageFixture.signIn(page);
      assertThat(fixture.words()).hasText(new String[] {"one"});

      proxy.holdAfter(0);
      call.addFinal("two");
      page.clock().runFor(39_000);
      assertThat(fixture.badge()).hasText("Live");
      page.clock().runFor(2_000);
      assertThat(fixture.badge()).hasText("Reconnecting");
      proxy.release();
      page.clock().runFor(3_000);

      assertThat(fixture.words()).hasText(new String[] {"one", "two"});
    }
  }

  @Test
  void redisOutage_isShownAndRecovers() {
    TestCall call =
        fixture
            .calls
            .begin("call-1", PageFixture.TENANT)
            .setRecognizer(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", ""))
            .addFinal("one");
    fixture.openCall("call-1");

    redis.pause();
    assertThat(fixture.badge()).hasText("Reconnecting to the log", LONG_TIMEOUT);
    redis.resume();

    assertThat(fixture.badge()).hasText("Live", LONG_TIMEOUT);
    call.addFinal("two");
    assertThat(fixture.words()).hasText(new String[] {"one", "two"});
  }
}
