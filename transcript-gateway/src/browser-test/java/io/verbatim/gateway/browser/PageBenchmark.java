package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.stage.Words.words;

import com.microsoft.playwright.CDPSession;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a line costs the agent's browser, at the beginning of a call and at its 5,000th line, and
/// what opening such a call costs. Not a test: nothing runs it but `./bench --page`, which prints
/// what it finds.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
@Timeout(300)
class PageBenchmark {

  private static final int LINES = 5_000;
  private static final int MEASURED = 200;

  private final Desk desk;
  private final CDPSession profile;

  PageBenchmark(RedisServer redis, Chromium chromium) {
    desk = new Desk(redis, chromium, Map.of());
    profile = desk.browser.newCDPSession(desk.page);
    profile.send("Performance.enable");
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void linesOfACall() {
    SpokenCall call = desk.stage.begin("call-1", Desk.TENANT);
    int spoken = say(call, 0, 10);
    desk.read("call-1");
    assertThat(desk.words()).hasCount(10);
    print("line 10 and on", call, spoken);
    spoken = say(call, spoken + MEASURED, LINES);
    assertThat(desk.words()).hasCount(LINES);
    print("line %,d and on".formatted(LINES), call, spoken);

    desk.page.reload();
    assertThat(desk.words()).hasCount(LINES + MEASURED);
    System.out.printf(
        Locale.ROOT,
        "page: opening a call of %,d lines: %.0f ms of the main thread, first paint after %.0f ms%n",
        LINES + MEASURED,
        busySeconds() * 1000,
        ((Number)
                desk.page.evaluate(
                    "performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            .doubleValue());
  }

  private void print(String where, SpokenCall call, int from) {
    double before = busySeconds();
    say(call, from, from + MEASURED);
    assertThat(desk.words()).hasCount(from + MEASURED);
    System.out.printf(
        Locale.ROOT,
        "page: %s: %.2f ms of the main thread for each line (guess and final)%n",
        where,
        (busySeconds() - before) * 1000 / MEASURED);
  }

  private static int say(SpokenCall call, int from, int to) {
    for (int i = from; i < to; i++) {
      call.guesses(words("s" + i, i * 20L, i * 20L + 10, "a few words of line"));
      call.says(words("s" + i, i * 20L, i * 20L + 20, "a few words of line number " + i));
    }
    return to;
  }

  /// Scripts, layout and all other work of the page's main thread since it was opened.
  private double busySeconds() {
    for (var metric : profile.send("Performance.getMetrics").getAsJsonArray("metrics")) {
      if (metric.getAsJsonObject().get("name").getAsString().equals("TaskDuration")) {
        return metric.getAsJsonObject().get("value").getAsDouble();
      }
    }
    throw new AssertionError("Chromium does not say what its main thread did");
  }
}
