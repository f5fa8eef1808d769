package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.stage.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A line costs the page the same wherever it comes: what it took in time is `./bench --page`'s.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
@Timeout(120)
class LongTranscriptIT {

  /// Everything one line may change in the document: guess, final, its place in the list, facts.
  private static final int MOST_CHANGES = 60;

  private final Desk desk;

  LongTranscriptIT(RedisServer redis, Chromium chromium) {
    desk = new Desk(redis, chromium, Map.of());
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void fiveThousandthLine_changesAsLittleAsTheFifth() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT);
    int spoken = say(call, 0, 5);
    desk.read("call-1");
    assertThat(desk.words()).hasCount(5);
    desk.page.locator("#search-field").fill("word 1");
    watchChanges();
    int early = changesOfALine(call, spoken++);

    spoken = say(call, spoken, 5_000);
    assertThat(desk.words()).hasCount(5_000);
    assertThat(desk.line(4_999)).isInViewport();
    int late = changesOfALine(call, spoken);

    assertThat(early).isLessThan(MOST_CHANGES);
    assertThat(late).isLessThan(MOST_CHANGES).isLessThanOrEqualTo(early + 10);
  }

  private static int say(SpokenCall call, int from, int to) {
    for (int i = from; i < to; i++) {
      call.says(words("s" + i, i * 20L, i * 20L + 20, "word " + i));
    }
    return to;
  }

  /// The seconds that go by on the page are counted with it: they are few.
  private int changesOfALine(SpokenCall call, int number) {
    desk.page.evaluate("() => { window.changes = 0; }");
    call.guesses(words("s" + number, number * 20L, number * 20L + 10, "wor"));
    assertThat(desk.page.locator("#lines .interim")).hasCount(1);
    call.says(words("s" + number, number * 20L, number * 20L + 20, "word " + number));
    assertThat(desk.words().last()).hasText("word " + number);
    return (int) desk.page.evaluate("window.changes");
  }

  private void watchChanges() {
    desk.page.evaluate(
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
