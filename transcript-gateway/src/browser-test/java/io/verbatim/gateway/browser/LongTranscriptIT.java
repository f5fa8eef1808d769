package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A line changes the same number of nodes at any position of the transcript. `./bench page`
/// measures the time.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
@Timeout(120)
class LongTranscriptIT {

  /// Limit for the changes of one line in the document: the interim, the final, the entry in the
  /// list of calls, and the figures of the call.
  private static final int MAX_CHANGES = 60;

  private final PageFixture fixture;

  LongTranscriptIT(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium, Map.of());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void fiveThousandthLine_changesAsLittleAsTheFifth() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT);
    int lines = addLines(call, 0, 5);
    fixture.openCall("call-1");
    assertThat(fixture.words()).hasCount(5);
    fixture.page.locator("#search-field").fill("word 1");
    watchChanges();
    int early = changesOfALine(call, lines++);

    lines = addLines(call, lines, 5_000);
    assertThat(fixture.words()).hasCount(5_000);
    assertThat(fixture.line(4_999)).isInViewport();
    int late = changesOfALine(call, lines);

    assertThat(early).isLessThan(MAX_CHANGES);
    assertThat(late).isLessThan(MAX_CHANGES).isLessThanOrEqualTo(early + 10);
  }

  private static int addLines(TestCall call, int from, int to) {
    for (int i = from; i < to; i++) {
      call.addFinal(words("s" + i, i * 20L, i * 20L + 20, "word " + i));
    }
    return to;
  }

  /// Includes the few changes of the page's clock.
  private int changesOfALine(TestCall call, int number) {
    fixture.page.evaluate("() => { window.changes = 0; }");
    call.setInterim(words("s" + number, number * 20L, number * 20L + 10, "wor"));
    assertThat(fixture.page.locator("#lines .interim")).hasCount(1);
    call.addFinal(words("s" + number, number * 20L, number * 20L + 20, "word " + number));
    assertThat(fixture.words().last()).hasText("word " + number);
    return (int) fixture.page.evaluate("window.changes");
  }

  private void watchChanges() {
    fixture.page.evaluate(
        """
        () => {
          window.changes = 0;
          const weight = ({ addedNodes, removedNodes }) => Math.max(1, addedNodes.length + removedNodes.length);
          new MutationObserver((all) => all.forEach((change) => (window.changes += weight(change))))
              .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        }
        """);
  }
}
