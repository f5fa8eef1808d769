package io.verbatim.testkit.polling;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Makes Awaitility check conditions at once and then every 10 ms, instead of every 100 ms: tests
/// wait thousands of times, and most conditions hold within a few milliseconds. JUnit registers it
/// for every test class of a module that has the testkit.
public final class ShortPollInterval implements BeforeAllCallback {
  private static final Duration INTERVAL = Duration.ofMillis(10);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(INTERVAL);
  }
}
