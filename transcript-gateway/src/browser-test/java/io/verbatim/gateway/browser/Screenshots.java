package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.sentence;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Takes the README's pictures of the page, with invented calls. Not a test; only
/// `docs/take-screenshots` runs it.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class Screenshots {

  private static final Path DOCS = Path.of("..", "docs");
  private static final RecognizerStatus CONNECTED =
      new RecognizerStatus(RecognizerStatus.State.CONNECTED, "nova-3", "");

  private final PageFixture fixture;

  Screenshots(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium, Map.of("ALERT_WORDS", "refund,speak to a manager"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void take() {
    others();
    TestCall call = call();
    fixture.signIn("/");
    fixture.page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
    fixture.page.locator("nav a[href$=b71f]").click();
    fixture.page.locator("#speakers input[value=c0]").check();
    fixture.page.locator("#search-field").fill("router");
    assertThat(fixture.page.locator("#search-count")).containsText("found");
    call.setInterim(sentence("g", 0, 61_000, 63_000, "I can do that for you right"));
    assertThat(fixture.page.locator("#lines .interim")).isVisible();
    bothSchemes("call");

    fixture.page.locator("#to-wall").click();
    assertThat(fixture.page.locator("#cards li.card")).hasCount(4);
    assertThat(fixture.page.locator("#cards .final")).hasCount(7);
    bothSchemes("wall");

    fixture.page.setViewportSize(390, 844);
    fixture.page.goBack();
    assertThat(fixture.page.locator("#lines .final")).hasCount(9);
    picture("phone", ColorScheme.LIGHT);
  }

  private TestCall call() {
    return fixture.calls
        .beginStereo("c3e0a94b71f", PageFixture.TENANT, "+919876543210")
        .setRecognizer(CONNECTED)
        .addFinal(sentence("a", 0, 400, 3_900, "Thank you for calling Northline, Meera speaking."))
        .addFinal(sentence("b", 1, 4_200, 9_100, "Hello Meera. My internet has been down since yesterday evening."))
        .addFinal(sentence("c", 0, 9_600, 12_400, "I am sorry to hear that. May I have your customer number?"))
        .addFinal(sentence("d", 1, 12_800, 17_300, "Yes, it is four seven two, nine one sixty.", "sixty."))
        .addFinal(sentence("n", 0, 16_200, 17_000, "Thank you."))
        .addGap(20_500, "retention")
        .addFinal(sentence("e", 1, 21_000, 26_200, "The router is on, but one light stays red. I restarted the router twice."))
        .addFinal(sentence("f", 0, 26_900, 33_800, "A fibre cable was cut near your street, Mister Nair. Our engineers are there already."))
        .addFinal(sentence("h", 1, 34_500, 41_000, "I work from home, so I would like a refund for these two days."))
        .addFinal(sentence("i", 0, 41_600, 47_200, "Of course. You will see it on your next bill, and I will send you a message."));
  }

  private void others() {
    fixture.calls
        .begin("a85d20c9e44", PageFixture.TENANT, "+912255501777")
        .setRecognizer(CONNECTED)
        .addFinal(sentence("a", 0, 300, 4_000, "Could you check whether the delivery was sent to the old address?"))
        .end();
    fixture.calls
        .beginStereo("5d0f11a7c30", PageFixture.TENANT, "+914045550119")
        .setRecognizer(CONNECTED)
        .addFinal(sentence("a", 0, 300, 3_000, "Which plan are you on at the moment?"))
        .addFinal(sentence("b", 1, 3_400, 6_000, "The small one. I want to speak to a manager, please."))
        .setInterim(sentence("c", 0, 6_400, 7_000, "Certainly, one"));
    fixture.calls
        .begin("77b9e2f0d18", PageFixture.TENANT, "+918055502468")
        .setRecognizer(
            new RecognizerStatus(
                RecognizerStatus.State.UNAVAILABLE, "nova-3", "the recogniser rejects this service"))
        .addFinal(sentence("a", 0, 300, 4_000, "Good afternoon, I am calling about invoice three one eight."));
    fixture.calls
        .beginStereo("e19c4470b2a", PageFixture.TENANT, "+911145553300")
        .setRecognizer(CONNECTED)
        .addFinal(sentence("a", 1, 300, 3_000, "The app says my card was declined."))
        .addFinal(sentence("b", 0, 3_500, 6_000, "Let us look at that together. Is it the card ending in 12?"));
  }

  private void bothSchemes(String name) {
    picture(name + "-light", ColorScheme.LIGHT);
    picture(name + "-dark", ColorScheme.DARK);
  }

  private void picture(String name, ColorScheme scheme) {
    fixture.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    fixture.page.screenshot(new Page.ScreenshotOptions().setPath(DOCS.resolve(name + ".png")));
  }
}
