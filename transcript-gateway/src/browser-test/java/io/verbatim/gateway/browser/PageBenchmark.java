package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.words;

import com.microsoft.playwright.CDPSession;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Measures the cost of a line in the agent's browser at the beginning of a call and after 5,000
/// lines, and the cost of opening such a call. Not a test; only `./bench page` runs it.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
@Timeout(300)
class PageBenchmark {

  private static final int LINES = 5_000;
  private static final int MEASURED = 200;

  private final PageFixture fixture;
  private final CDPSession profile;

  PageBenchmark(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium, Map.of());
    profile = fixture.browser.newCDPSession(fixture.page);
    profile.send("Performance.enable");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void linesOfACall() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT);
    int spoken = say(call, 0, 10);
    fixture.openCall("call-1");
    assertThat(fixture.words()).hasCount(10);
    print("line 10 and on", call, spoken);
    spoken = say(call, spoken + MEASURED, LINES);
    assertThat(fixture.words()).hasCount(LINES);
    print("line %,d and on".formatted(LINES), call, spoken);

    fixture.page.reload();
    assertThat(fixture.words()).hasCount(LINES + MEASURED);
    System.out.printf(
        Locale.ROOT,
        "page: opening a call of %,d lines: %.0f ms of the main thread, first paint after %.0f ms%n",
        LINES + MEASURED,
        busySeconds() * 1000,
        ((Number)
                fixture.page.evaluate(
                    "performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            .doubleValue());
  }

  private void print(String where, TestCall call, int from) {
    double before = busySeconds();
    say(call, from, from + MEASURED);
    assertThat(fixture.words()).hasCount(from + MEASURED);
    System.out.printf(
        Locale.ROOT,
        "page: %s: %.2f ms of the main thread for each line (interim and final)%n",
        where,
        (busySeconds() - before) * 1000 / MEASURED);
  }

  private static int say(TestCall call, int from, int to) {
    for (int i = from; i < to; i++) {
      call.setInterim(words("s" + i, i * 20L, i * 20L + 10, "a few words of line"));
      call.addFinal(words("s" + i, i * 20L, i * 20L + 20, "a few words of line number " + i));
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
    throw new AssertionError("Chromium reports no metric TaskDuration");
  }
}
