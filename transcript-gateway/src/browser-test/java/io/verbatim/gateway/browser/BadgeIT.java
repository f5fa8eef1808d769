package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.words;

import com.microsoft.playwright.Page;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The badge describes every state of the page in words.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class BadgeIT {

  private final PageFixture fixture;
  private final Page page;

  BadgeIT(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium, Map.of("MAX_SSE_CLIENTS", "1"));
    page = fixture.page;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void slowConnection_showsConnectingThenCatchingUpThenLive() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT);
    for (int i = 0; i < 60; i++) {
      call.addFinal("line " + i);
    }
    fixture.signIn("/");
    assertThat(fixture.badge()).hasText("Live");
    try (FaultyProxy proxy = new FaultyProxy(fixture.gateway.port())) {
      page.route(
          "**/v1/live*",
          route -> {
            proxy.holdAfter(0); // the page has loaded, so only new connections are held
            route.resume();
          });
      page.navigate(proxy.address("/calls/call-1")); // a cookie is valid for every port of a host
      assertThat(fixture.badge()).hasText("Connecting");

      page.unroute("**/v1/live*");
      proxy.cutAndHoldAfter(12_000);
      assertThat(fixture.badge()).hasText("Catching up");

      proxy.release();
      assertThat(fixture.badge()).hasText("Live");
      assertThat(fixture.words()).hasCount(60);
    }
  }

  @Test
  void recogniserState_isShown() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("one");
    fixture.openCall("call-1");

    call.setRecognizer(status(RecognizerStatus.State.RECONNECTING, "the connection was lost"));
    assertThat(fixture.badge()).hasText("Recogniser reconnecting");
    assertThat(page.locator("#notice"))
        .hasText(
            "The recogniser is reconnecting: the connection was lost. Words spoken now will appear"
                + " later.");
    call.setRecognizer(status(RecognizerStatus.State.UNAVAILABLE, "it rejects this service"));
    assertThat(fixture.badge()).hasText("Recogniser down");
    assertThat(page.locator("#notice")).containsText("Words may be missing until it is back.");
    assertThat(page.locator("#live .state")).containsText("recogniser down");
    call.setRecognizer(status(RecognizerStatus.State.CONNECTED, ""));

    assertThat(fixture.badge()).hasText("Live");
    assertThat(page.locator("#notice")).isHidden();
  }

  @Test
  void endedCall_showsCompleteGapsOrUnconfirmed() {
    fixture.calls.begin("whole", PageFixture.TENANT).addFinal("one").end();
    fixture
        .calls
        .begin("gaps", PageFixture.TENANT)
        .addFinal("one")
        .addGap(5_000, "retention")
        .end();
    TestCall unconfirmed = fixture.calls.begin("unconfirmed", PageFixture.TENANT).addFinal("one");
    unconfirmed.endUnconfirmed(words("s2", 1_000, 2_000, "two"));
    fixture.signIn("/calls/whole");
    assertThat(fixture.badge()).hasText("Ended, complete");
    assertThat(page.locator("#ending"))
        .hasText("The call ended after 0:01. The transcript is complete.");

    page.locator("#ended a[href$=gaps]").click();
    assertThat(fixture.badge()).hasText("Ended with gaps");
    assertThat(page.locator("#ending"))
        .hasText("The call ended after 0:05. 4.0 s of it could not be transcribed.");

    page.locator("#ended a[href$=unconfirmed]").click();
    assertThat(fixture.badge()).hasText("Ended, not all confirmed");
    assertThat(page.locator("#ending"))
        .hasText("The call ended after 0:02. Some words were not confirmed.");
  }

  @Test
  void callNotBegun_isWaitedFor() {
    fixture.signIn("/calls/call-9");
    assertThat(fixture.badge()).hasText("Waiting for the call");
    assertThat(page.locator("#waiting"))
        .containsText("Its transcript appears here when it begins.");

    fixture.calls.begin("call-9", PageFixture.TENANT).addFinal("at last");

    assertThat(fixture.badge()).hasText("Live");
    assertThat(fixture.words()).hasText(new String[] {"at last"});
  }

  @Test
  void evictedWindow_showsPausedAndResumesOnClick() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("one");
    fixture.openCall("call-1");

    Page other = fixture.open();
    other.navigate(fixture.address("/calls/call-1"));
    assertThat(other.locator("#lines .words")).hasText(new String[] {"one"});
    assertThat(fixture.badge()).hasText("Paused");
    assertThat(page.locator("#evicted")).containsText("This window was paused");
    call.addFinal("two");
    other.close();
    page.locator("#continue").click();

    assertThat(fixture.badge()).hasText("Live");
    assertThat(page.locator("#evicted")).isHidden();
    assertThat(fixture.words()).hasText(new String[] {"one", "two"});
  }

  private static RecognizerStatus status(RecognizerStatus.State state, String reason) {
    return new RecognizerStatus(state, "scripted", reason);
  }
}
