package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.sentence;
import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// One call on the page, from its first interim to its end.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class CallViewIT {

  private final PageFixture fixture;
  private final Page page;

  CallViewIT(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium);
    page = fixture.page;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void call_isShownFromFirstInterimToEnd() {
    TestCall call =
        fixture
            .calls
            .begin("call-1", PageFixture.TENANT)
            .setRecognizer(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", ""));
    fixture.signIn("/");
    assertThat(page.locator("#welcome")).containsText("Select a call");
    page.locator("#live a").click();
    assertThat(page.locator("#waiting")).hasText("Nothing has been said yet.");

    call.setInterim(words("s1", 0, 400, "good mor"));
    assertThat(fixture.line(0)).hasClass("interim");
    assertThat(fixture.line(0)).containsText("in progress");
    fixture.line(0).evaluate("line => (line.marker = 'the first')");
    call.setInterim(words("s1", 0, 700, "good morning"));
    assertThat(fixture.line(0).locator(".words")).hasText("good morning");
    call.addFinal(words("s1", 0, 900, "Good morning."));

    assertThat(fixture.line(0)).hasClass("final");
    assertThat(fixture.words()).hasText(new String[] {"Good morning."});
    assertThat(page.locator("#lines li")).hasCount(1);
    assertThat(fixture.line(0).evaluate("line => line.marker"))
        .as("the final reuses the element of the interim")
        .isEqualTo("the first");
    assertThat(page.locator("#call-facts")).containsText("transcribed by scripted");
    assertThat(page.locator("#call-facts"))
        .containsText("last line after 310 ms, 120 ms of it in the recogniser");
    call.addGap(4_100, "log_lost");
    assertThat(fixture.line(1))
        .containsText("3.2 s not transcribed: the audio was lost in the log (0:00 to 0:04)");
    call.setInterim(words("s2", 4_100, 4_500, "and then"));
    assertThat(fixture.line(2)).hasClass("interim");
    call.end();

    assertThat(fixture.badge()).hasText("Ended with gaps");
    assertThat(page.locator("#ending")).containsText("could not be transcribed");
    assertThat(page.locator("#ended a")).hasCount(1);
    assertThat(page.locator("#lines .interim")).hasCount(0);
  }

  @Test
  void scrolledUpReader_staysAndSeesCountOfNewLines() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT);
    for (int i = 0; i < 40; i++) {
      call.addFinal("line " + i);
    }
    fixture.openCall("call-1");
    assertThat(page.locator("#lines li")).hasCount(40);
    assertThat(fixture.line(39)).isInViewport();
    call.addFinal("followed");
    assertThat(fixture.line(40)).isInViewport();

    page.locator("#scroller").evaluate("element => (element.scrollTop = 0)");
    assertThat(fixture.line(0)).isInViewport();
    call.addFinal("new");
    call.addFinal("newest");

    assertThat(page.locator("#new-below")).hasText("2 new lines below ↓");
    assertThat(fixture.line(0)).isInViewport();
    page.locator("#new-below").click();
    assertThat(fixture.line(42)).isInViewport();
    assertThat(page.locator("#new-below")).isHidden();
    call.addFinal("followed again");
    assertThat(fixture.line(43)).isInViewport();
  }

  @Test
  void agent_isSelectedByOneClickAndStoredInBrowser() {
    TestCall call = fixture.calls.beginStereo("call-1", PageFixture.TENANT);
    call.addFinal(sentence("a", 0, 0, 1_500, "How can I help?"));
    fixture.openCall("call-1");
    assertThat(page.locator("#speakers")).isHidden();

    call.addFinal(sentence("b", 1, 0, 3_000, "My parcel has not arrived."));
    call.setInterim(sentence("c", 0, 3_000, 3_800, "Let me look"));
    assertThat(page.locator("#lines .speaker"))
        .hasText(new String[] {"Speaker 1", "Speaker 2", "Speaker 1"});
    String first = colour(page.locator("#lines .speaker").nth(0));
    assertThat(colour(page.locator("#lines .speaker").nth(1))).isNotEqualTo(first);
    page.locator("#speakers").getByText("Speaker 2").click();

    List<String> named = List.of("Customer", "Agent", "Customer");
    assertThat(page.locator("#lines .speaker")).hasText(named.toArray(String[]::new));
    page.reload();
    assertThat(page.locator("#lines .speaker")).hasText(named.toArray(String[]::new));
    page.locator("#speakers").getByText("not set").click();
    assertThat(page.locator("#lines .speaker").first()).hasText("Speaker 1");
  }

  @Test
  void uncertainWords_areMarkedAndCounted() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT);
    fixture.openCall("call-1");

    call.addFinal(sentence("a", 0, 0, 2_000, "It is nine one sixty.", "one", "sixty."));
    call.addFinal(words("b", 2_000, 3_000, "Perhaps.").asUnconfirmed());

    assertThat(page.locator("#lines .unsure")).hasText(new String[] {"one", "sixty."});
    assertThat(fixture.line(0).locator(".notes")).containsText("2 unsure");
    assertThat(fixture.line(1).locator(".notes")).containsText("unconfirmed");
    assertThat(fixture.words()).hasText(new String[] {"It is nine one sixty.", "Perhaps."});
  }

  @Test
  void delaysButton_showsDelayDetails() {
    fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("Good morning.");
    fixture.openCall("call-1");
    Locator delay = fixture.line(0).locator(".latency");
    assertThat(delay).hasText("310 ms after it was spoken, 120 ms of it in scripted");
    Locator detail = delay.locator(".detail");
    assertThat(detail.boundingBox().width).isLessThan(2);

    page.locator("#delays").click();

    assertThat(page.locator("#delays")).hasAttribute("aria-pressed", "true");
    assertThat(detail.boundingBox().width).isGreaterThan(20);
  }

  @Test
  void statistics_areShownOnRequestAndAgainAtTheEnd() {
    TestCall call = fixture.calls.beginStereo("call-1", PageFixture.TENANT);
    call.addFinal(sentence("a", 0, 0, 2_000, "How can I help?"));
    fixture.openCall("call-1");
    assertThat(page.locator("#statistics")).isHidden();

    page.locator("#statistics-open").click();

    assertThat(page.locator("#statistics-open")).hasAttribute("aria-expanded", "true");
    assertThat(page.locator("#statistics-facts")).hasText("So far: Speech 0:02 · silence 0:00");
    call.addFinal(sentence("b", 1, 3_500, 6_500, "My parcel is late."));
    assertThat(page.locator("#lines li")).hasCount(2);
    call.end();
    assertThat(page.locator("#statistics-facts"))
        .hasText("Speech 0:05 · silence 0:00 · not transcribed 0:01 · first response after 1.5 s");
    assertThat(page.locator("#statistics-speakers li"))
        .hasText(
            new String[] {
              "Speaker 1: 0:02 · 4 words · 120 a minute", "Speaker 2: 0:03 · 4 words · 80 a minute"
            });
    page.locator("#speakers").getByText("Speaker 2").click();
    assertThat(page.locator("#statistics-speakers li").nth(1)).containsText("Agent: 0:03");
  }

  @Test
  void simulatedRecogniser_isLabelled() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT);
    call.addFinal(words("a", 0, 0, 1_500, "Hello.", "simulated"));
    fixture.openCall("call-1");

    assertThat(page.locator("#simulated")).isVisible();
    assertThat(page.locator("#call-facts")).containsText("transcribed by a simulated recogniser");
    assertThat(page.locator("#live .state")).containsText("a simulated recogniser");
  }

  @Test
  void copiedText_matchesTheScreen() {
    fixture.browser.grantPermissions(List.of("clipboard-read", "clipboard-write"));
    TestCall call = fixture.calls.beginStereo("call-1", PageFixture.TENANT);
    call.addFinal(sentence("a", 0, 0, 1_500, "How can I help?"))
        .addFinal(sentence("b", 1, 1_600, 3_000, "My parcel is late."))
        .addFinal(sentence("c", 0, 1_700, 3_000, "I see."))
        .addGap(5_000, "retention");
    fixture.openCall("call-1");
    assertThat(page.locator("#lines li")).hasCount(4);

    page.locator("#copy").click();

    assertThat(page.locator("#copied")).hasText("Copied");
    assertThat(page.evaluate("navigator.clipboard.readText()"))
        .isEqualTo(
            """
            [0:00] Speaker 1: How can I help?
            [0:01] Speaker 2: My parcel is late.
            [0:01] Speaker 1: I see.
            [0:03] (2.0 s not transcribed: the recogniser was unavailable for too long)\
            """);
  }

  private static String colour(Locator element) {
    return (String) element.evaluate("element => getComputedStyle(element).color");
  }
}
