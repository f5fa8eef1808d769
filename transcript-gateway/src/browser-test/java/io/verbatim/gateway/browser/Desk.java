package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.stage.CallStage;
import io.verbatim.gateway.stage.RunningGateway;
import io.verbatim.gateway.stage.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.testkit.RedisServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// An agent's desk: a browser with the page open, and everything behind it. Whoever sets it up
/// closes it; closing fails where the page threw an error or broke its Content-Security-Policy.
final class Desk implements AutoCloseable {

  static final String TENANT = "acme";

  final CallStage stage;
  final RunningGateway gateway;
  final BrowserContext browser;
  final Page page;
  private final Bus bus;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  Desk(RedisServer redis, Chromium chromium, Map<String, Object> settings) {
    bus = TestBus.on(redis.url());
    stage = new CallStage(bus);
    gateway = RunningGateway.on(redis.url(), new HashMap<>(settings));
    browser = chromium.fresh();
    browser.setDefaultTimeout(15_000);
    page = open();
  }

  Desk(RedisServer redis, Chromium chromium) {
    this(redis, chromium, Map.of());
  }

  /// Another tab of the same browser.
  Page open() {
    Page tab = browser.newPage();
    tab.onPageError(complaints::add);
    tab.onConsoleMessage(message -> {
      if (message.text().contains("Content Security Policy")) {
        complaints.add(message.text());
      }
    });
    return tab;
  }

  String address(String path) {
    return gateway.uri(path).toString();
  }

  /// Signs in by hand, as whoever has a token does.
  void signIn(String path) {
    page.navigate(address(path));
    signIn(page);
  }

  static void signIn(Page tab) {
    tab.locator("#token").fill(TestTokens.agentOf(TENANT));
    tab.locator("#sign-in button").click();
    assertThat(tab.locator("#sign-out")).isVisible();
  }

  /// Signs in and reads along with a call.
  void read(String callId) {
    signIn("/calls/" + callId);
    assertThat(page.locator("#badge")).hasText("Live");
  }

  Locator badge() {
    return page.locator("#badge");
  }

  Locator line(int number) {
    return page.locator("#lines li").nth(number);
  }

  /// The words that stand, in order, as the page shows them.
  Locator words() {
    return page.locator("#lines .final .words");
  }

  @Override
  public void close() {
    browser.close();
    gateway.close();
    stage.close();
    bus.close();
    if (!complaints.isEmpty()) {
      throw new AssertionError("the page complained: " + complaints);
    }
  }
}
