package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.stage.Words.words;

import com.microsoft.playwright.Page;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The badge says what is so, in words, in every state the page can be in.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class BadgeIT {

  private final Desk desk;
  private final Page page;

  BadgeIT(RedisServer redis, Chromium chromium) {
    desk = new Desk(redis, chromium, Map.of("MAX_SSE_CLIENTS", "1"));
    page = desk.page;
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void lineThatComesUpSlowly_isConnectingThenCatchingUpThenLive() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT);
    for (int i = 0; i < 60; i++) {
      call.says("line " + i);
    }
    desk.signIn("/");
    assertThat(desk.badge()).hasText("Live");
    try (FlakyLine line = new FlakyLine(desk.gateway.port())) {
      page.route(
          "**/v1/live*",
          route -> {
            line.holdAfter(0); // the page has loaded: only what opens now is held
            route.resume();
          });
      page.navigate(line.address("/calls/call-1")); // a cookie holds for every port of a host
      assertThat(desk.badge()).hasText("Connecting");

      page.unroute("**/v1/live*");
      line.cutAndHoldAfter(12_000);
      assertThat(desk.badge()).hasText("Catching up");

      line.letGo();
      assertThat(desk.badge()).hasText("Live");
      assertThat(desk.words()).hasCount(60);
    }
  }

  @Test
  void recogniser_isFollowedDownAndUpAgain() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT).says("one");
    desk.read("call-1");

    call.isHeardBy(status(RecognizerStatus.State.RECONNECTING, "the line to it was lost"));
    assertThat(desk.badge()).hasText("Recogniser reconnecting");
    assertThat(page.locator("#notice"))
        .hasText(
            "The recogniser is reconnecting: the line to it was lost. What is said now will follow.");
    call.isHeardBy(status(RecognizerStatus.State.UNAVAILABLE, "it refuses this service"));
    assertThat(desk.badge()).hasText("Recogniser down");
    assertThat(page.locator("#notice")).containsText("Words may be missing until it is back.");
    assertThat(page.locator("#live .state")).containsText("recogniser down");
    call.isHeardBy(status(RecognizerStatus.State.CONNECTED, ""));

    assertThat(desk.badge()).hasText("Live");
    assertThat(page.locator("#notice")).isHidden();
  }

  @Test
  void end_isCompleteOrHasGapsOrWordsNobodyConfirmed() {
    desk.stage.begin("whole", Desk.TENANT).says("one").ends();
    desk.stage.begin("gaps", Desk.TENANT).says("one").misses(5_000, "retention").ends();
    SpokenCall guessed = desk.stage.begin("guessed", Desk.TENANT).says("one");
    guessed.endsUnconfirmed(words("s2", 1_000, 2_000, "two"));
    desk.signIn("/calls/whole");
    assertThat(desk.badge()).hasText("Ended, complete");
    assertThat(page.locator("#ending")).hasText("The call ended after 0:01. Every word is here.");

    page.locator("#ended a[href$=gaps]").click();
    assertThat(desk.badge()).hasText("Ended with gaps");
    assertThat(page.locator("#ending"))
        .hasText("The call ended after 0:05. 4.0 s of it could not be transcribed.");

    page.locator("#ended a[href$=guessed]").click();
    assertThat(desk.badge()).hasText("Ended, not all confirmed");
    assertThat(page.locator("#ending"))
        .hasText("The call ended after 0:02. Some words were never confirmed.");
  }

  @Test
  void callThatHasNotBegun_isWaitedFor() {
    desk.signIn("/calls/call-9");
    assertThat(desk.badge()).hasText("Waiting for the call");
    assertThat(page.locator("#waiting")).containsText("When it begins, it appears here.");

    desk.stage.begin("call-9", Desk.TENANT).says("at last");

    assertThat(desk.badge()).hasText("Live");
    assertThat(desk.words()).hasText(new String[] {"at last"});
  }

  @Test
  void windowThatHadToGo_saysSoAndWatchesAgainWhenAsked() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT).says("one");
    desk.read("call-1");

    Page other = desk.open();
    other.navigate(desk.address("/calls/call-1"));
    assertThat(other.locator("#lines .words")).hasText(new String[] {"one"});
    assertThat(desk.badge()).hasText("Paused");
    assertThat(page.locator("#evicted")).containsText("This window was paused");
    call.says("two");
    other.close();
    page.locator("#continue").click();

    assertThat(desk.badge()).hasText("Live");
    assertThat(page.locator("#evicted")).isHidden();
    assertThat(desk.words()).hasText(new String[] {"one", "two"});
  }

  private static RecognizerStatus status(RecognizerStatus.State state, String reason) {
    return new RecognizerStatus(state, "scripted", reason);
  }
}
