package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Many calls: the list, the wall, alert words, and search in one of them.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class CallsIT {

  private final PageFixture fixture;
  private final Page page;

  CallsIT(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium, Map.of("ALERT_WORDS", "refund,speak to a manager"));
    page = fixture.page;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void newCall_isListedFirstAndViewDoesNotSwitch() {
    fixture.calls.begin("call-1", "acme", "+919000001111").addFinal("first call");
    fixture.signIn("/");
    page.locator("#live a").focus();
    page.keyboard().press("Enter");
    assertThat(fixture.words()).hasText(new String[] {"first call"});

    TestCall second =
        fixture
            .calls
            .begin("call-2", "acme", "+919000002222")
            .setRecognizer(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", ""))
            .addFinal("second call");

    assertThat(page.locator("#live .last-words"))
        .hasText(new String[] {"second call", "first call"});
    assertThat(page.locator("#live .parties").first()).hasText("from …2222 → to …4567");
    assertThat(page.locator("#live .state").first()).hasText("live · scripted");
    assertThat(page.locator("#live .when").first()).hasText(Pattern.compile("\\d:\\d\\d"));
    assertThat(fixture.words()).hasText(new String[] {"first call"});
    assertThat(page.locator("#calls a[aria-current]")).hasAttribute("href", "/calls/call-1");
    second.end();
    assertThat(page.locator("#ended .state")).hasText("ended, complete · scripted");
    page.goBack();
    assertThat(page.locator("#welcome")).isVisible();
    page.goForward();
    assertThat(fixture.words()).hasText(new String[] {"first call"});
  }

  @Test
  void list_isFilteredAndNavigatedByArrowKeys() {
    fixture.calls.begin("call-1", "acme", "+919000001111");
    fixture.calls.begin("call-2", "acme", "+919000002222");
    fixture.calls.begin("call-3", "acme", "+919000003333").addFinal("bye").end();
    fixture.signIn("/");
    assertThat(page.locator("#calls li")).hasCount(3);

    page.locator("#filter").press("ArrowDown");
    assertThat(page.locator("#calls a[href$=call-2]")).isFocused();
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    assertThat(page.locator("#calls a[href$=call-3]")).isFocused();
    page.locator("#filter").fill("1111 live");
    assertThat(page.locator("#calls li:visible")).hasCount(1);
    assertThat(page.locator("#filter-result")).hasText("1 of 3 calls");
    page.locator("#filter").press("Escape");

    assertThat(page.locator("#calls li:visible")).hasCount(3);
    assertThat(page.locator("#filter-result")).isHidden();
  }

  @Test
  void wall_showsEveryCallOverOneStream() {
    List<String> streams = new CopyOnWriteArrayList<>();
    page.onRequest(request -> {
      if (request.url().contains("/v1/live")) {
        streams.add(request.url());
      }
    });
    for (int i = 1; i <= 9; i++) {
      fixture
          .calls
          .begin("call-" + i, "acme", "+91900000000" + i)
          .addFinal("old")
          .addFinal("a " + i)
          .addFinal("b " + i);
    }
    fixture.signIn("/wall");
    assertThat(page.locator("#cards > li")).hasCount(9);
    for (int i = 1; i <= 9; i++) {
      assertThat(card(i).locator(".words")).hasText(new String[] {"a " + i, "b " + i});
    }

    TestCall tenth = fixture.calls.begin("call-10", "acme", "+919000000010");
    tenth.setInterim(words("s", 0, 500, "I want a"));
    assertThat(card(10).locator(".interim .words")).hasText("I want a");
    tenth.addFinal(words("s", 0, 900, "I want a refund."));

    assertThat(card(10).locator(".final .words")).hasText("I want a refund.");
    assertThat(card(10).locator(".state .alert-note")).hasText("Alert: refund");
    assertThat(streams).hasSize(1);
    card(10).locator("a").click();
    assertThat(fixture.words()).hasText(new String[] {"I want a refund."});
    assertThat(page.locator("#main")).isFocused();
    tenth.end();
    page.locator("#to-wall").click();
    assertThat(page.locator("#cards > li")).hasCount(9);
  }

  private Locator card(int call) {
    return page.locator("#cards > li:has(a[href='/calls/call-" + call + "'])");
  }

  @Test
  void alertWords_areHighlightedInLineAndList() {
    TestCall shown = fixture.calls.begin("call-1", "acme").addFinal("good morning");
    TestCall other = fixture.calls.begin("call-2", "acme").addFinal("good day");
    fixture.openCall("call-1");

    other.addFinal("Can I Speak  to a\nmanager? No refunding here.");
    assertThat(page.locator("#live li:has(a[href$=call-2]) .alert-note"))
        .hasText(new String[] {"Alert: speak to a manager"});
    assertThat(page.locator("#announced-message")).containsText("Alert: speak to a manager");
    page.locator("#alert-open").click();
    assertThat(page.locator("#alert-operators")).hasText("refund, speak to a manager");
    page.locator("#alert-own").fill("parcel\n\n  Köln \n");
    page.locator("#alert-form button[type=submit]").click();
    shown.addFinal("The parcel for KÖLN is late.");

    assertThat(fixture.line(1).locator("mark")).hasText(new String[] {"parcel", "KÖLN"});
    assertThat(fixture.line(1).locator(".alert-note"))
        .hasText(new String[] {"Alert: parcel", "Alert: Köln"});
    assertThat(page.locator("#live li:has(a[href$=call-1]) .alert-note")).hasCount(2);
    page.reload();
    assertThat(fixture.line(1).locator("mark")).hasCount(2);
    page.locator("#alert-open").click();
    assertThat(page.locator("#alert-own")).hasValue("parcel\nKöln");
    page.locator("#alert-own").fill("");
    page.locator("#alert-form button[type=submit]").click();
    assertThat(fixture.line(1).locator("mark")).hasCount(0);
  }

  @Test
  void search_countsMatchesAndIncludesNewLines() {
    TestCall call = fixture.calls.begin("call-1", "acme");
    for (int i = 0; i < 60; i++) {
      call.addFinal(i % 20 == 3 ? "The Router (a) is on, router." : "line " + i);
    }
    fixture.openCall("call-1");
    assertThat(fixture.words()).hasCount(60);

    page.locator("#search-field").fill("router");
    assertThat(page.locator("#search-count")).hasText("6 found");
    page.keyboard().press("Enter");
    assertThat(page.locator("#search-count")).hasText("1 of 6");
    assertThat(fixture.line(3)).isInViewport();
    assertThat(fixture.line(3)).hasAttribute("aria-current", "true");
    page.locator("#search-previous").click();
    assertThat(page.locator("#search-count")).hasText("6 of 6");
    assertThat(fixture.line(43)).isInViewport();
    assertThat(page.evaluate("CSS.highlights.get('found').size")).isEqualTo(6);
    assertThat(page.evaluate("[...CSS.highlights.get('found-here')].map(String).join()"))
        .isEqualTo("router");
    call.addFinal("router");
    assertThat(page.locator("#search-count")).hasText("6 of 7");
    page.locator("#search-field").fill("(a)  is");
    assertThat(page.locator("#search-count")).hasText("3 found");
    page.locator("#search-field").fill("nowhere");
    assertThat(page.locator("#search-count")).hasText("Not found");
    assertThat(page.locator("#search-next")).isDisabled();
    page.locator("#search-field").press("Escape");

    assertThat(page.locator("#search-count")).isHidden();
    assertThat(page.locator("#lines [aria-current]")).hasCount(0);
  }

  @Test
  void currentMatch_isKeptWhenLinesAreRedrawn() {
    fixture
        .calls
        .begin("call-1", "acme")
        .addFinal("A router.")
        .addFinal("Another router.")
        .addFinal("Bye.");
    fixture.openCall("call-1");
    assertThat(fixture.words()).hasCount(3);
    page.locator("#search-field").fill("router");
    page.locator("#search-next").click();
    page.locator("#search-next").click();
    assertThat(page.locator("#search-count")).hasText("2 of 2");

    page.locator("#alert-open").click();
    page.locator("#alert-own").fill("bye");
    page.locator("#alert-form button[type=submit]").click();
    assertThat(fixture.line(2).locator("mark")).hasText("Bye");

    assertThat(page.locator("#search-count")).hasText("2 of 2");
    assertThat(fixture.line(1)).hasAttribute("aria-current", "true");
    for (String places : List.of("found", "found-here")) {
      assertThat(page.evaluate("[...CSS.highlights.get('%s')].at(-1).toString()".formatted(places)))
          .as(places)
          .isEqualTo("router");
    }
  }
}
