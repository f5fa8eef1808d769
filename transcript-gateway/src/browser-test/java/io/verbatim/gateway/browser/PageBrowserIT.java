package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.stage.Words.words;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.stage.CallStage;
import io.verbatim.gateway.stage.RunningGateway;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.gateway.stage.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What an agent sees.
@ExtendWith(RedisExtension.class)
class PageBrowserIT {

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Chromium CHROMIUM = new Chromium();

  private final RedisServer redis;
  private final Bus bus;
  private final CallStage stage;
  private final List<String> complaints = new ArrayList<>();
  private RunningGateway gateway;
  private final BrowserContext browser = CHROMIUM.fresh();
  private final Page page = browser.newPage();

  PageBrowserIT(RedisServer redis) {
    this.redis = redis;
    this.bus = TestBus.on(redis.url());
    this.stage = new CallStage(bus);
    this.gateway = start("0");
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> {
      if (message.text().contains("Content Security Policy")) {
        complaints.add(message.text());
      }
    });
  }

  @AfterAll
  static void quit() {
    CHROMIUM.close();
  }

  @AfterEach
  void close() {
    browser.close();
    gateway.close();
    stage.close();
    bus.close();
    Assertions.assertEquals(List.of(), complaints);
  }

  private RunningGateway start(String port) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("PORT", port);
    settings.put("MAX_SSE_CLIENTS", "1");
    return RunningGateway.on(redis.url(), settings);
  }

  @Test
  void agent_signsInPicksACallAndReadsAlong() {
    SpokenCall call =
        stage
            .begin("call-1", "acme")
            .isHeardBy(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", ""));
    signIn();
    assertThat(page.locator("#welcome")).containsText("Pick a call");
    assertThat(page.locator("#badge")).hasText("Live");

    page.locator("nav a").click();
    call.guesses(words("s1", 0, 400, "good mor"));
    assertThat(line(0)).hasClass("interim");
    assertThat(line(0)).containsText("being said");
    call.says(words("s1", 0, 900, "Good morning."));

    assertThat(line(0)).hasClass("final");
    assertThat(page.locator("#lines li .words")).hasText(new String[] {"Good morning."});
    assertThat(page.locator("#call-facts")).containsText("heard by scripted");
    assertThat(line(0).locator(".latency")).hasText("0.3 s");
    call.misses(4_100, "log_lost");
    assertThat(line(1)).containsText("3.2 s not transcribed: the audio was lost in the log.");
    screenshot("live");
    call.ends();

    assertThat(page.locator("#badge")).hasText("Ended with gaps");
    assertThat(page.locator("#ending")).containsText("3.2 s of it could not be transcribed");
    assertThat(page.locator("#ended a")).hasCount(1);
    screenshot("ended");
  }

  @Test
  void gatewayRestarted_noWordIsMissingOrTwice() {
    SpokenCall call = stage.begin("call-1", "acme").says("one").says("two");
    signIn();
    page.locator("nav a").click();
    assertThat(page.locator("#lines .words")).hasText(new String[] {"one", "two"});
    String port = Integer.toString(gateway.port());

    gateway.close();
    assertThat(page.locator("#badge")).hasText("Reconnecting");
    call.says("three");
    gateway = start(port);

    assertThat(page.locator("#badge"))
        .hasText("Live", new LocatorAssertions.HasTextOptions().setTimeout(20_000));
    call.says("four");
    assertThat(page.locator("#lines .words")).hasText(new String[] {"one", "two", "three", "four"});
  }

  @Test
  void signIn_isRefusedWithTheCauseAndGranted() {
    page.navigate(gateway.uri("/").toString());
    assertThat(page.locator("#sign-in")).isVisible();

    page.locator("#token").fill(TestTokens.token(claims -> claims.claim("tenant_id", "acme")));
    page.locator("#sign-in-form button").click();
    assertThat(page.locator("#sign-in-problem"))
        .hasText("The token lacks the scope transcripts:read.");
    screenshot("refused");
    page.locator("#token").fill(TestTokens.agentOf("acme"));
    page.locator("#sign-in-form button").click();

    assertThat(page.locator("#desk")).isVisible();
    Assertions.assertEquals(
        "[0,0]", page.evaluate("JSON.stringify([localStorage.length, sessionStorage.length])"));
    page.locator("#sign-out").click();
    assertThat(page.locator("#sign-in")).isVisible();
    page.reload();
    assertThat(page.locator("#sign-in")).isVisible();
  }

  @Test
  void newCall_movesNobodyAndTheReaderFollowsByKeyboard() {
    stage.begin("call-1", "acme").says("first call");
    signIn();
    page.locator("nav a").first().focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("#lines .words")).hasText(new String[] {"first call"});

    SpokenCall second = stage.begin("call-2", "acme").says("second call");

    assertThat(page.locator("#live li")).hasCount(2);
    assertThat(page.locator("#live .said").first()).hasText("second call");
    assertThat(page.locator("#lines .words")).hasText(new String[] {"first call"});
    assertThat(page.locator("nav a[aria-current]")).hasAttribute("href", "/calls/call-1");
    second.ends();
    assertThat(page.locator("#ended li")).hasCount(1);
    page.goBack();
    assertThat(page.locator("#welcome")).isVisible();
  }

  @Test
  void readerWhoScrolledUp_isLeftThereAndToldOfNewLines() {
    SpokenCall call = stage.begin("call-1", "acme");
    for (int i = 0; i < 40; i++) {
      call.says("line " + i);
    }
    signIn();
    page.navigate(gateway.uri("/calls/call-1").toString());
    assertThat(page.locator("#lines li")).hasCount(40);
    assertThat(line(39)).isInViewport();

    page.locator("#scroller").evaluate("element => element.scrollTop = 0");
    call.says("newest");

    assertThat(page.locator("#below")).isVisible();
    assertThat(line(0)).isInViewport();
    screenshot("new-below");
    page.locator("#below").click();
    assertThat(line(40)).isInViewport();
    assertThat(page.locator("#below")).isHidden();
  }

  @Test
  void twoVoicesAndASimulatedRecogniser_areToldApartInWords() {
    SpokenCall call = stage.beginStereo("call-1", "acme");
    call.isHeardBy(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "simulated", ""))
        .says(words("a", 0, 0, 1_500, "Thank you for calling, how can I help?", "simulated"))
        .says(words("b", 1, 0, 3_000, "My parcel has not arrived.", "simulated"))
        .guesses(words("c", 0, 3_000, 3_800, "Let me look that", "simulated"));
    signIn();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    page.locator("nav a").click();

    assertThat(page.locator("#simulated")).isVisible();
    assertThat(page.locator("#lines .voice"))
        .hasText(new String[] {"Speaker 1 ", "Speaker 2 ", "Speaker 1 "});
    call.isHeardBy(new RecognizerStatus(RecognizerStatus.State.UNAVAILABLE, "simulated", "401"));
    assertThat(page.locator("#badge")).hasText("Recogniser down");
    assertThat(page.locator("#notice")).containsText("not available");
    screenshot("dark");
  }

  @Test
  void windowThatHadToGo_saysSoAndGoesOnWhenAsked() {
    SpokenCall call = stage.begin("call-1", "acme").says("one");
    signIn();
    page.locator("nav a").click();
    assertThat(page.locator("#lines .words")).hasText(new String[] {"one"});

    Page other = browser.newPage();
    other.navigate(gateway.uri("/calls/call-1").toString());
    assertThat(other.locator("#lines .words")).hasText(new String[] {"one"});
    assertThat(page.locator("#badge")).hasText("Paused");
    call.says("two");
    other.close();
    screenshot("paused");
    page.locator("#continue").click();

    assertThat(page.locator("#badge")).hasText("Live");
    assertThat(page.locator("#lines .words")).hasText(new String[] {"one", "two"});
  }

  private void signIn() {
    page.navigate(gateway.uri("/").toString());
    page.locator("#token").fill(TestTokens.agentOf("acme"));
    page.locator("#sign-in-form button").click();
    assertThat(page.locator("#desk")).isVisible();
  }

  private Locator line(int number) {
    return page.locator("#lines li").nth(number);
  }

  private void screenshot(String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
  }
}
