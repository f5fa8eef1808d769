package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.redis.RedisServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A browser with the agent's page, its gateway and its bus. The creator closes it, which fails if
/// the page threw an error or violated its Content-Security-Policy.
final class PageFixture implements AutoCloseable {

  static final String TENANT = "acme";

  final CallFixture calls;
  final RunningGateway gateway;
  final BrowserContext browser;
  final Page page;
  private final Bus bus;
  private final List<String> pageErrors = new CopyOnWriteArrayList<>();

  PageFixture(RedisServer redis, Chromium chromium, Map<String, Object> settings) {
    bus = TestBus.on(redis.url());
    calls = new CallFixture(bus);
    gateway = RunningGateway.on(redis.url(), new HashMap<>(settings));
    browser = chromium.fresh();
    browser.setDefaultTimeout(15_000);
    page = open();
  }

  PageFixture(RedisServer redis, Chromium chromium) {
    this(redis, chromium, Map.of());
  }

  /// Another tab of the same browser.
  Page open() {
    Page tab = browser.newPage();
    tab.onPageError(pageErrors::add);
    tab.onConsoleMessage(message -> {
      if (message.text().contains("Content Security Policy")) {
        pageErrors.add(message.text());
      }
    });
    return tab;
  }

  String address(String path) {
    return gateway.uri(path).toString();
  }

  /// Opens a path and signs in with the form.
  void signIn(String path) {
    page.navigate(address(path));
    signIn(page);
  }

  static void signIn(Page tab) {
    tab.locator("#token").fill(TestTokens.agentOf(TENANT));
    tab.locator("#sign-in button").click();
    assertThat(tab.locator("#sign-out")).isVisible();
  }

  /// Signs in and opens a live call.
  void openCall(String callId) {
    signIn("/calls/" + callId);
    assertThat(page.locator("#badge")).hasText("Live");
  }

  Locator badge() {
    return page.locator("#badge");
  }

  Locator line(int number) {
    return page.locator("#lines li").nth(number);
  }

  /// The finals on the page, in order.
  Locator words() {
    return page.locator("#lines .final .words");
  }

  @Override
  public void close() {
    browser.close();
    gateway.close();
    calls.close();
    bus.close();
    if (!pageErrors.isEmpty()) {
      throw new AssertionError("the page reported errors: " + pageErrors);
    }
  }
}
