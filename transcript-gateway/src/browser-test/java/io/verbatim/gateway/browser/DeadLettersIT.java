package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The operators' page at `/dead-letters`.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class DeadLettersIT {
  private final PageFixture fixture;
  private final Page page;
  private final Bus bus;

  DeadLettersIT(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium);
    page = fixture.page;
    bus = TestBus.on(redis.url());
  }

  @AfterEach
  void close() {
    bus.close();
    fixture.close();
  }

  @Test
  void operator_listsAndDeletesDeadLetters() {
    add("1-0", "not a call");
    add("2-0", "no such format");
    add("3-0", "not JSON");
    signIn(TestTokens.operator());

    page.navigate(fixture.address("/dead-letters"));
    assertThat(letters()).hasCount(3);
    assertThat(letters().first()).containsText("not JSON");
    assertThat(letters().first()).containsText("audio_stream 3-0");
    assertThat(page.locator("#message")).hasText("3 dead letters");
    assertThat(Axe.findings(page)).isEmpty();

    letters().first().locator("button").click();
    assertThat(letters()).hasCount(2);
    assertThat(letters().first()).containsText("no such format");

    page.locator("#delete-all").click();
    page.locator("#confirm button[value=cancel]").click();
    assertThat(letters()).hasCount(2);
    page.locator("#delete-all").click();
    page.locator("#confirm-delete").click();
    assertThat(page.locator("#message")).hasText("No dead letters.");
    assertThat(page.locator("#delete-all")).isHidden();
    assertThat(bus.deadLetters().list().toCompletableFuture().join()).isEmpty();
  }

  @Test
  void agent_isToldWhichScopeIsMissing() {
    add("1-0", "not a call");
    signIn(TestTokens.agentOf(PageFixture.TENANT));

    page.navigate(fixture.address("/dead-letters"));

    assertThat(page.locator("#problem")).containsText("scope ops");
    assertThat(letters()).hasCount(0);
  }

  private Locator letters() {
    return page.locator("#letters li");
  }

  private void add(String entry, String reason) {
    bus.deadLetters().add("audio_stream", entry, reason).toCompletableFuture().join();
  }

  private void signIn(String token) {
    page.navigate(fixture.address("/"));
    page.locator("#token").fill(token);
    page.locator("#sign-in button").click();
    assertThat(page.locator("#sign-out")).isVisible();
  }
}
