package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.inLanguage;
import static io.verbatim.gateway.fixture.Words.sentence;
import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The page works without a mouse, with a screen reader, with large text and on a phone, as WCAG
/// 2.2 AA requires.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
@Timeout(120)
class AccessibilityIT {

  private final PageFixture fixture;
  private final Page page;

  AccessibilityIT(RedisServer redis, Chromium chromium) {
    fixture =
        new PageFixture(redis, chromium, Map.of("ALERT_WORDS", "refund", "MAX_SSE_CLIENTS", "1"));
    page = fixture.page;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /// A call with every kind of line and note.
  private TestCall beginFullCall() {
    TestCall call =
        fixture
            .calls
            .beginStereo("call-1", PageFixture.TENANT)
            .setRecognizer(
                new RecognizerStatus(RecognizerStatus.State.UNAVAILABLE, "simulated", "401"))
            .addFinal(sentence("a", 0, 0, 1_500, "Good morning, how can I help?", "morning,"))
            .addFinal(sentence("b", 1, 0, 3_000, "I would like a refund."))
            .addGap(5_000, "retention")
            .addFinal(words("c", 1, 5_000, 6_000, "For May.").asUnconfirmed())
            .setInterim(sentence("d", 0, 6_000, 7_000, "One moment"));
    fixture.calls.begin("call-2", PageFixture.TENANT).addFinal("Bye.").end();
    return call;
  }

  private void openFullCall() {
    beginFullCall();
    fixture.signIn("/calls/call-1");
    assertThat(page.locator("#lines li")).hasCount(5);
    assertThat(page.locator("#ended li")).hasCount(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void everyView_hasNoAxeFindings(ColorScheme scheme) {
    page.emulateMedia(
        new Page.EmulateMediaOptions()
            .setColorScheme(scheme)
            .setReducedMotion(ReducedMotion.REDUCE));
    page.navigate(fixture.address("/"));
    checkAxe("signed out");
    page.locator("#token").fill("rubbish");
    page.locator("#sign-in button").click();
    assertThat(page.locator("#refusal")).isVisible();
    checkAxe("refused");
    PageFixture.signIn(page);
    assertThat(fixture.badge()).hasText("Live");
    checkAxe("no calls");
    beginFullCall();
    assertThat(page.locator("#live li")).hasCount(1);
    assertThat(page.locator("#ended li")).hasCount(1);
    checkAxe("calls");
    page.locator("#live a").click();
    assertThat(page.locator("#lines li")).hasCount(5);
    page.locator("#delays").click();
    page.locator("#statistics-open").click();
    assertThat(page.locator("#statistics li")).hasCount(2);
    page.locator("#search-field").fill("refund");
    page.keyboard().press("Enter");
    page.locator("#filter").fill("call");
    checkAxe("a call, the recogniser down");
    page.locator("#alert-open").click();
    checkAxe("alert words");
    page.locator("#alert-cancel").click();
    page.locator("#ended a").click();
    assertThat(page.locator("#ending")).isVisible();
    checkAxe("an ended call");
    page.locator("#to-wall").click();
    assertThat(page.locator("#cards .lines li")).hasCount(3);
    checkAxe("the wall");
    fixture.calls.begin("theirs", "globex");
    page.navigate(fixture.address("/calls/theirs"));
    assertThat(page.locator("#missing")).isVisible();
    checkAxe("no such call");
    Page other = fixture.open();
    other.navigate(fixture.address("/"));
    assertThat(page.locator("#evicted")).isVisible();
    checkAxe("paused");
  }

  private void checkAxe(String view) {
    assertThat(Axe.findings(page)).as(view).isEmpty();
  }

  @Test
  void controls_haveNamesAndRoles() {
    openFullCall();

    assertThat(page.locator("header").ariaSnapshot())
        .contains("- banner:", "- heading \"Verbatim\" [level=1]")
        .contains("- navigation \"Views\"", "- link \"Calls\"", "- link \"Wall\"")
        .contains("- status: Recogniser down")
        .contains("- button \"Alert words\"", "- button \"Sign out\"");
    assertThat(page.locator("#calls").ariaSnapshot())
        .contains("- navigation \"Calls\"")
        .contains("- searchbox \"Filter calls by number, name, recogniser or state\"")
        .contains("- heading \"Live\" [level=2]", "- heading \"Ended\" [level=2]")
        .contains("- link \"from …7890 to …4567");
    assertThat(page.locator("#main").ariaSnapshot())
        .contains("- main")
        .contains("- search \"In this call\"", "- searchbox \"Search in this call\"")
        .contains("- button \"Previous match\" [disabled]", "- button \"Next match\" [disabled]")
        .contains("- group \"Agent\"", "- radio \"Speaker 1\"", "- radio \"not set\" [checked]")
        .contains("- button \"Delays\"", "- button \"Statistics\"", "- button \"Copy\"")
        .contains("link \"Save as vtt: WebVTT subtitles\"")
        .contains("- region \"Transcript\"", "- listitem");
    page.locator("#alert-open").click();
    assertThat(page.locator("dialog").ariaSnapshot())
        .contains("- dialog \"Alert words\"", "- textbox \"Your words, one per line\"")
        .contains("- button \"Cancel\"", "- button \"Save\"");
  }

  @Test
  void headingsAndLandmarks_areInOrder() {
    openFullCall();
    assertThat(visible("h1,h2,h3"))
        .containsExactly("H1 Verbatim", "H2 Live", "H2 Ended", "H2 from …7890 → to …4567");
    assertThat(visible("header,nav,main").stream().map(text -> text.split(" ", 2)[0]))
        .containsExactly("HEADER", "NAV", "NAV", "MAIN");

    page.locator("#to-wall").click();
    assertThat(page.locator("#cards h3")).hasCount(1);
    assertThat(visible("h1,h2,h3"))
        .containsExactly("H1 Verbatim", "H2 All live calls", "H3 from …7890 → to …4567");
  }

  @SuppressWarnings("unchecked")
  private List<String> visible(String selector) {
    return (List<String>)
        page.evaluate(
            """
            selector => [...document.querySelectorAll(selector)]
                .filter(element => element.checkVisibility())
                .map(element => `${element.tagName} ${element.textContent.replace(/\\s+/g, " ").trim()}`)
            """,
            selector);
  }

  @Test
  void tabOrder_reachesEveryControlWithVisibleFocus() {
    openFullCall();
    page.reload();
    assertThat(page.locator("#lines li")).hasCount(5);
    assertThat(page.locator("#calls li")).hasCount(2);

    List<String> walked = new ArrayList<>();
    for (int step = 0; step < 21; step++) {
      page.keyboard().press("Tab");
      walked.add(focused());
    }

    assertThat(walked)
        .containsExactly(
            "Skip to the content",
            "Calls",
            "Wall",
            "Search",
            "Recordings",
            "Alert words",
            "Sign out",
            "filter",
            "/calls/call-1",
            "/calls/call-2",
            "search-field",
            "agent",
            "translate",
            "Delays",
            "Statistics",
            "Copy",
            "txt",
            "srt",
            "vtt",
            "json",
            "Transcript");
  }

  /// The name of the focused element, after checking that its focus is visible.
  private String focused() {
    return (String)
        page.evaluate(
            """
            () => {
              const element = document.activeElement;
              const style = getComputedStyle(element);
              const box = element.getBoundingClientRect();
              const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              const within = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
              if (!seen || !within) return `not seen: ${element.outerHTML}`;
              if (element.matches("#calls a")) return element.getAttribute("href");
              if (element.matches("input, select")) return element.id || element.name;
              return element.getAttribute("aria-label")?.replace(/^Save as (\\w+):.*/, "$1") ?? element.textContent.trim();
            }
            """);
  }

  @Test
  void everyTask_isDoneByKeyboardOnly() {
    beginFullCall();
    page.navigate(fixture.address("/"));
    assertThat(page.locator("#token")).isFocused();
    page.keyboard().insertText(TestTokens.agentOf(PageFixture.TENANT));
    press("Tab", "Enter");
    assertThat(page.locator("#live li")).hasCount(1);

    page.locator("#filter").focus();
    press("ArrowDown", "Enter");
    assertThat(page.locator("#lines li")).hasCount(5);
    page.locator(".skip").focus();
    press("Enter", "Tab");
    assertThat(page.locator("#search-field")).isFocused();
    page.keyboard().insertText("refund");
    press("Enter");
    assertThat(page.locator("#search-count")).hasText("1 of 1");
    press("Tab", "Tab", "Tab", "ArrowDown", "ArrowDown");
    assertThat(page.locator("#lines .speaker").first()).hasText("Customer");
    page.locator("#alert-open").focus();
    press("Enter");
    assertThat(page.locator("#alert-own")).isFocused();
    press("Escape");
    assertThat(page.locator("#alert-open")).isFocused();
    page.locator("#to-wall").focus();
    press("Enter");
    page.locator("#cards a").focus();
    press("Enter");
    assertThat(page.locator("#main")).isFocused();
    page.locator("#sign-out").focus();
    press("Enter");
    assertThat(page.locator("#token")).isFocused();
  }

  @Test
  void skipLink_keepsTheCall() {
    openFullCall();
    page.locator("#search-field").fill("refund");
    page.keyboard().press("Enter");

    page.evaluate(
        """
        () => new Promise(done => {
          addEventListener("hashchange", done);
          document.querySelector(".skip").click();
        })
        """);

    assertThat(page.locator("#search-count")).hasText("1 of 1");
    assertThat(page.locator("#lines li")).hasCount(5);
  }

  private void press(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  @Test
  void controls_are24PixelsWithEdgeContrastOf3() {
    openFullCall();
    page.locator("#scroller").evaluate("element => (element.scrollTop = 0)");

    assertThat((List<?>) page.evaluate(TOO_SMALL)).isEmpty();
    page.locator("#to-wall").click();
    assertThat(page.locator("#cards a")).isVisible();
    assertThat((List<?>) page.evaluate(TOO_SMALL)).isEmpty();
    page.locator("#alert-open").click();
    assertThat((List<?>) page.evaluate(TOO_SMALL)).isEmpty();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      assertThat((double) page.evaluate(EDGE_CONTRAST)).isGreaterThanOrEqualTo(3.0);
    }
  }

  private static final String TOO_SMALL =
      """
      () => [...document.querySelectorAll("a[href], button, input, textarea")]
          .filter(element => element.checkVisibility() && !element.matches(".skip"))
          .map(element => [element.outerHTML, (element.closest("label") ?? element).getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24)
          .map(([html, box]) => `${box.width} x ${box.height}: ${html}`)
      """;

  private static final String EDGE_CONTRAST =
      """
      () => {
        const style = getComputedStyle(document.getElementById("alert-own"));
        const light = (color) => {
          const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map(Number)
              .map(c => c / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const [a, b] = [light(style.borderTopColor), light(style.backgroundColor)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      }
      """;

  @ParameterizedTest
  @ValueSource(strings = {"1280x800 200%", "640x400 100%", "320x640 100%", "390x844 200%"})
  void largeTextAndSmallWindows_cutNothing(String window) {
    openFullCall();
    String[] sizes = window.split("[x %]", -1);
    page.setViewportSize(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", sizes[2] + "%");
    if (page.locator("#call-tools").isVisible()) {
      page.locator("#call-tools").click();
    }

    page.locator("#statistics-open").click();
    assertThat(page.locator("#statistics li")).hasCount(2);
    checkNothingIsCut(page, "statistics");
    page.locator("#statistics-open").click();
    checkNothingIsCut(page, "call");
    for (String control : List.of("#search-field", "#files a >> nth=3", "#scroller", "#copy")) {
      page.locator(control).scrollIntoViewIfNeeded();
      assertThat(page.locator(control)).isInViewport();
    }
    assertThat(page.locator("#scroller").boundingBox().height).isGreaterThan(200);
    page.locator("#to-wall").click();
    assertThat(page.locator("#cards .lines li")).hasCount(3);
    checkNothingIsCut(page, "wall");
    page.locator("#to-calls").click();
    assertThat(page.locator("#filter")).isVisible();
    checkNothingIsCut(page, "calls");
  }

  /// Checks that nothing is cut off or needs horizontal scrolling.
  static void checkNothingIsCut(Page page, String view) {
    assertThat(
            (List<?>)
                page.evaluate(
                    """
                    () => [...document.querySelectorAll("body *")]
                        .filter(element => element.checkVisibility() && !element.closest(".visually-hidden, .skip, .last-words, .detail"))
                        .filter(element => element.getBoundingClientRect().right > innerWidth + 1
                            || (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
                                && getComputedStyle(element).overflowX !== "visible"))
                        .map(element => element.outerHTML.slice(0, 120))
                    """))
        .as(view)
        .isEmpty();
  }

  @Test
  void phone_switchesBetweenListAndCall() {
    beginFullCall();
    page.setViewportSize(390, 844);
    fixture.signIn("/");
    assertThat(page.locator("#main")).isHidden();
    page.locator("#live a").click();
    assertThat(page.locator("#lines li")).hasCount(5);
    assertThat(page.locator("#calls")).isHidden();
    assertThat(page.locator("#search")).isHidden();
    page.locator("#call-tools").click();
    assertThat(page.locator("#call-tools")).hasAttribute("aria-expanded", "true");
    assertThat(page.locator("#search")).isVisible();

    page.locator(".back").click();

    assertThat(page.locator("#calls")).isVisible();
    assertThat(page.locator("#call")).isHidden();
  }

  @Test
  void reducedMotion_disablesTransitions() {
    openFullCall();
    String moving =
        """
        () => [...document.querySelectorAll("*")]
            .filter(element => parseFloat(getComputedStyle(element).transitionDuration) > 0
                || getComputedStyle(element).animationName !== "none"
                || getComputedStyle(element).scrollBehavior === "smooth").length
        """;
    assertThat((int) page.evaluate(moving)).isPositive();

    page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));

    assertThat((int) page.evaluate(moving)).isZero();
  }

  @Test
  void screenReader_announcesFinalsOnceAndNoInterims() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("before");
    fixture.openCall("call-1");
    assertThat(fixture.words()).hasCount(1);
    Locator announced = page.locator("#announced-lines");
    assertThat(announced).hasAttribute("aria-live", "polite");
    assertThat(announced).hasText("");
    assertThat(page.locator("#lines").locator("xpath=ancestor-or-self::*[@aria-live]")).hasCount(0);

    call.setInterim(words("s", 1_000, 1_500, "half a sen"));
    assertThat(page.locator("#lines .interim")).hasCount(1);
    call.addFinal(words("s", 1_000, 2_000, "half a sentence"));
    assertThat(announced.locator("p")).hasText(new String[] {"half a sentence"});
    for (int i = 0; i < 5; i++) {
      call.addFinal("line " + i);
    }
    assertThat(announced.locator("p")).hasText(new String[] {"line 2", "line 3", "line 4"});
  }

  @Test
  void state_isShownInWordsOrSymbols() {
    openFullCall();

    assertThat(page.locator("#lines li .notes .note"))
        .hasText(new String[] {"1 unsure", "unconfirmed", "in progress"});
    assertThat(page.locator("#lines li .notes .alert-note")).hasText("Alert: refund");
    assertThat(page.locator("#lines .gap")).containsText("not transcribed");
    assertThat(symbol("#badge")).isEqualTo("\"✕\" / \"\"");
    assertThat(symbol("#lines .alert-note")).isEqualTo("\"⚑\" / \"\"");
    assertThat(symbol("#live .state")).isEqualTo("\"✕ \" / \"\"");
    assertThat(underline("#lines .unsure")).isEqualTo("underline wavy");
    assertThat(underline("#lines mark")).isEqualTo("underline solid");
    assertThat(page.locator("#lines .speaker").allTextContents())
        .contains("Speaker 1", "Speaker 2");
  }

  private Object symbol(String element) {
    return page.locator(element).first().evaluate("e => getComputedStyle(e, '::before').content");
  }

  private Object underline(String element) {
    return page.locator(element)
        .first()
        .evaluate(
            "e => `${getComputedStyle(e).textDecorationLine}"
                + " ${getComputedStyle(e).textDecorationStyle}`");
  }

  @Test
  void language_isSetForPageAndEachLine() {
    fixture
        .calls
        .begin("call-1", PageFixture.TENANT)
        .addFinal("Good morning.")
        .addFinal(inLanguage("hi", words("b", 1_000, 2_000, "नमस्ते")))
        .addFinal(inLanguage("multi", words("c", 2_000, 3_000, "well")));
    fixture.openCall("call-1");

    assertThat(page.locator("html")).hasAttribute("lang", "en");
    assertThat(fixture.words()).hasCount(3);
    assertThat(
            (List<?>)
                page.evaluate("[...document.querySelectorAll('#lines .words')].map(e => e.lang)"))
        .isEqualTo(List.of("en", "hi", "en"));
  }

  @Test
  void firstPaint_isUnder100KilobytesFromOneHostWithStrictPolicy() {
    fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("one");
    fixture.signIn("/");
    List<String> hosts = new ArrayList<>();
    page.onRequest(request -> hosts.add(URI.create(request.url()).getAuthority()));
    double[] bytes = new double[1];
    var network = fixture.browser.newCDPSession(page);
    network.send("Network.enable");
    network.send("Network.clearBrowserCache");
    network.on(
        "Network.dataReceived", event -> bytes[0] += event.get("encodedDataLength").getAsDouble());
    network.on(
        "Network.responseReceived",
        event ->
            bytes[0] += event.getAsJsonObject("response").get("encodedDataLength").getAsDouble());

    var answer = page.navigate(fixture.address("/calls/call-1"));
    assertThat(fixture.words()).hasText(new String[] {"one"});

    assertThat(bytes[0]).isBetween(20_000.0, 100_000.0);
    assertThat(hosts).hasSizeGreaterThan(20).containsOnly("127.0.0.1:" + fixture.gateway.port());
    assertThat(answer.headerValue("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe", "http:", "https:", "*", "data:");
    assertThat(page.locator("[style], style, script:not([src])")).hasCount(0);
  }
}
