package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.stage.Words.sentence;
import static io.verbatim.gateway.stage.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// One call on the screen, from its first guess to its end.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class ReadingAlongIT {

  private final Desk desk;
  private final Page page;

  ReadingAlongIT(RedisServer redis, Chromium chromium) {
    desk = new Desk(redis, chromium);
    page = desk.page;
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void call_isReadFromItsFirstGuessToItsEnd() {
    SpokenCall call =
        desk.stage
            .begin("call-1", Desk.TENANT)
            .isHeardBy(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", ""));
    desk.signIn("/");
    assertThat(page.locator("#welcome")).containsText("Pick a call");
    page.locator("#live a").click();
    assertThat(page.locator("#waiting")).hasText("Nothing has been said yet.");

    call.guesses(words("s1", 0, 400, "good mor"));
    assertThat(desk.line(0)).hasClass("interim");
    assertThat(desk.line(0)).containsText("being said");
    desk.line(0).evaluate("line => (line.knownAs = 'the first')");
    call.guesses(words("s1", 0, 700, "good morning"));
    assertThat(desk.line(0).locator(".words")).hasText("good morning");
    call.says(words("s1", 0, 900, "Good morning."));

    assertThat(desk.line(0)).hasClass("final");
    assertThat(desk.words()).hasText(new String[] {"Good morning."});
    assertThat(page.locator("#lines li")).hasCount(1);
    assertThat(desk.line(0).evaluate("line => line.knownAs"))
        .as("the final takes the guess's place")
        .isEqualTo("the first");
    assertThat(page.locator("#call-facts")).containsText("heard by scripted");
    assertThat(page.locator("#call-facts"))
        .containsText("last line after 310 ms, 120 ms of it in the recogniser");
    call.misses(4_100, "log_lost");
    assertThat(desk.line(1))
        .containsText("3.2 s not transcribed (0:00 to 0:04): the audio was lost in the log.");
    call.guesses(words("s2", 4_100, 4_500, "and then"));
    assertThat(desk.line(2)).hasClass("interim");
    call.ends();

    assertThat(desk.badge()).hasText("Ended with gaps");
    assertThat(page.locator("#ending")).containsText("could not be transcribed");
    assertThat(page.locator("#ended a")).hasCount(1);
    assertThat(page.locator("#lines .interim")).hasCount(0);
  }

  @Test
  void readerWhoScrolledUp_isLeftThereAndToldOfNewLines() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT);
    for (int i = 0; i < 40; i++) {
      call.says("line " + i);
    }
    desk.read("call-1");
    assertThat(page.locator("#lines li")).hasCount(40);
    assertThat(desk.line(39)).isInViewport();
    call.says("followed");
    assertThat(desk.line(40)).isInViewport();

    page.locator("#scroller").evaluate("element => (element.scrollTop = 0)");
    assertThat(desk.line(0)).isInViewport();
    call.says("new");
    call.says("newest");

    assertThat(page.locator("#below")).hasText("2 new lines below ↓");
    assertThat(desk.line(0)).isInViewport();
    page.locator("#below").click();
    assertThat(desk.line(42)).isInViewport();
    assertThat(page.locator("#below")).isHidden();
    call.says("followed again");
    assertThat(desk.line(43)).isInViewport();
  }

  @Test
  void agentIsNamedByOneClick_andRememberedInThisBrowser() {
    SpokenCall call = desk.stage.beginStereo("call-1", Desk.TENANT);
    call.says(sentence("a", 0, 0, 1_500, "How can I help?"));
    desk.read("call-1");
    assertThat(page.locator("#voices")).isHidden();

    call.says(sentence("b", 1, 0, 3_000, "My parcel has not arrived."));
    call.guesses(sentence("c", 0, 3_000, 3_800, "Let me look"));
    assertThat(page.locator("#lines .voice"))
        .hasText(new String[] {"Speaker 1", "Speaker 2", "Speaker 1"});
    String first = colour(page.locator("#lines .voice").nth(0));
    assertThat(colour(page.locator("#lines .voice").nth(1))).isNotEqualTo(first);
    page.locator("#voices").getByText("Speaker 2").click();

    List<String> named = List.of("Customer", "Agent", "Customer");
    assertThat(page.locator("#lines .voice")).hasText(named.toArray(String[]::new));
    page.reload();
    assertThat(page.locator("#lines .voice")).hasText(named.toArray(String[]::new));
    page.locator("#voices").getByText("not said").click();
    assertThat(page.locator("#lines .voice").first()).hasText("Speaker 1");
  }

  @Test
  void wordsThatMayBeWrong_areMarkedAndCounted() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT);
    desk.read("call-1");

    call.says(sentence("a", 0, 0, 2_000, "It is nine one sixty.", "one", "sixty."));
    call.says(words("b", 2_000, 3_000, "Perhaps.").asUnconfirmed());

    assertThat(page.locator("#lines .unsure")).hasText(new String[] {"one", "sixty."});
    assertThat(desk.line(0).locator(".notes")).containsText("2 unsure");
    assertThat(desk.line(1).locator(".notes")).containsText("unconfirmed");
    assertThat(desk.words()).hasText(new String[] {"It is nine one sixty.", "Perhaps."});
  }

  @Test
  void delays_areShownInFullWhenAskedFor() {
    desk.stage.begin("call-1", Desk.TENANT).says("Good morning.");
    desk.read("call-1");
    Locator delay = desk.line(0).locator(".latency");
    assertThat(delay).hasText("310 ms after it was said, 120 ms of it in scripted");
    Locator detail = delay.locator(".detail");
    assertThat(detail.boundingBox().width).isLessThan(2);

    page.locator("#delays").click();

    assertThat(page.locator("#delays")).hasAttribute("aria-pressed", "true");
    assertThat(detail.boundingBox().width).isGreaterThan(20);
  }

  @Test
  void simulatedRecogniser_isSaidToBeOne() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT);
    call.says(words("a", 0, 0, 1_500, "Hello.", "simulated"));
    desk.read("call-1");

    assertThat(page.locator("#simulated")).isVisible();
    assertThat(page.locator("#call-facts")).containsText("heard by a simulated recogniser");
    assertThat(page.locator("#live .state")).containsText("a simulated recogniser");
  }

  @Test
  void text_isCopiedAsItReads() {
    desk.browser.grantPermissions(List.of("clipboard-read", "clipboard-write"));
    SpokenCall call = desk.stage.beginStereo("call-1", Desk.TENANT);
    call.says(sentence("a", 0, 0, 1_500, "How can I help?"))
        .says(sentence("b", 1, 1_600, 3_000, "My parcel is late."))
        .says(sentence("c", 0, 1_700, 3_000, "I see."))
        .misses(5_000, "retention");
    desk.read("call-1");
    assertThat(page.locator("#lines li")).hasCount(4);

    page.locator("#copy").click();

    assertThat(page.locator("#copied")).hasText("Copied");
    assertThat(page.evaluate("navigator.clipboard.readText()"))
        .isEqualTo(
            """
            [0:00] Speaker 1: How can I help?
            [0:01] Speaker 2: My parcel is late.
            [0:01] Speaker 1: I see.
            [0:03] (2.0 s not transcribed: the recogniser was away for too long)""");
  }

  private static String colour(Locator element) {
    return (String) element.evaluate("element => getComputedStyle(element).color");
  }
}
