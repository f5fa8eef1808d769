package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.stage.Words.sentence;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Takes the README's pictures of the page, with calls that were never made. Not a test: nothing
/// runs it but `docs/take-screenshots`.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class Screenshots {

  private static final Path DOCS = Path.of("..", "docs");
  private static final RecognizerStatus HEARD =
      new RecognizerStatus(RecognizerStatus.State.CONNECTED, "nova-3", "");

  private final Desk desk;

  Screenshots(RedisServer redis, Chromium chromium) {
    desk = new Desk(redis, chromium, Map.of("ALERT_WORDS", "refund,speak to a manager"));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void take() {
    others();
    SpokenCall call = call();
    desk.signIn("/");
    desk.page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
    desk.page.locator("nav a[href$=b71f]").click();
    desk.page.locator("#voices input[value=c0]").check();
    desk.page.locator("#search-field").fill("router");
    assertThat(desk.page.locator("#search-count")).containsText("found");
    call.guesses(sentence("g", 0, 61_000, 63_000, "I can do that for you right"));
    assertThat(desk.page.locator("#lines .interim")).isVisible();
    inBoth("call");

    desk.page.locator("#to-wall").click();
    assertThat(desk.page.locator("#cards li.card")).hasCount(4);
    assertThat(desk.page.locator("#cards .final")).hasCount(7);
    inBoth("wall");

    desk.page.setViewportSize(390, 844);
    desk.page.goBack();
    assertThat(desk.page.locator("#lines .final")).hasCount(9);
    picture("phone", ColorScheme.LIGHT);
  }

  private SpokenCall call() {
    return desk.stage
        .beginStereo("c3e0a94b71f", Desk.TENANT, "+919876543210")
        .isHeardBy(HEARD)
        .says(sentence("a", 0, 400, 3_900, "Thank you for calling Northline, Meera speaking."))
        .says(sentence("b", 1, 4_200, 9_100, "Hello Meera. My internet has been down since yesterday evening."))
        .says(sentence("c", 0, 9_600, 12_400, "I am sorry to hear that. May I have your customer number?"))
        .says(sentence("d", 1, 12_800, 17_300, "Yes, it is four seven two, nine one sixty.", "sixty."))
        .says(sentence("n", 0, 16_200, 17_000, "Thank you."))
        .misses(20_500, "retention")
        .says(sentence("e", 1, 21_000, 26_200, "The router is on, but one light stays red. I restarted the router twice."))
        .says(sentence("f", 0, 26_900, 33_800, "A fibre cable was cut near your street, Mister Nair. Our engineers are there already."))
        .says(sentence("h", 1, 34_500, 41_000, "I work from home, so I would like a refund for these two days."))
        .says(sentence("i", 0, 41_600, 47_200, "Of course. You will see it on your next bill, and I will send you a message."));
  }

  private void others() {
    desk.stage
        .begin("a85d20c9e44", Desk.TENANT, "+912255501777")
        .isHeardBy(HEARD)
        .says(sentence("a", 0, 300, 4_000, "Could you check whether the delivery was sent to the old address?"))
        .ends();
    desk.stage
        .beginStereo("5d0f11a7c30", Desk.TENANT, "+914045550119")
        .isHeardBy(HEARD)
        .says(sentence("a", 0, 300, 3_000, "Which plan are you on at the moment?"))
        .says(sentence("b", 1, 3_400, 6_000, "The small one. I want to speak to a manager, please."))
        .guesses(sentence("c", 0, 6_400, 7_000, "Certainly, one"));
    desk.stage
        .begin("77b9e2f0d18", Desk.TENANT, "+918055502468")
        .isHeardBy(
            new RecognizerStatus(
                RecognizerStatus.State.UNAVAILABLE, "nova-3", "the recogniser refuses this service"))
        .says(sentence("a", 0, 300, 4_000, "Good afternoon, I am calling about invoice three one eight."));
    desk.stage
        .beginStereo("e19c4470b2a", Desk.TENANT, "+911145553300")
        .isHeardBy(HEARD)
        .says(sentence("a", 1, 300, 3_000, "The app says my card was declined."))
        .says(sentence("b", 0, 3_500, 6_000, "Let us look at that together. Is it the card ending in 12?"));
  }

  private void inBoth(String name) {
    picture(name + "-light", ColorScheme.LIGHT);
    picture(name + "-dark", ColorScheme.DARK);
  }

  private void picture(String name, ColorScheme scheme) {
    desk.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    desk.page.screenshot(new Page.ScreenshotOptions().setPath(DOCS.resolve(name + ".png")));
  }
}
