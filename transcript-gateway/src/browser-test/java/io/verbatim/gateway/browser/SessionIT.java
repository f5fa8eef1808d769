package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Sessions, and the messages for clients without access.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class SessionIT {

  private final PageFixture fixture;
  private final Page page;

  SessionIT(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium);
    page = fixture.page;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void token_isRefusedWithReasonThenAccepted() {
    page.navigate(fixture.address("/"));
    assertThat(page.locator("#sign-in")).isVisible();
    assertThat(page.locator("#refusal")).isHidden();
    assertThat(page.locator("#token")).isFocused();

    submit(TestTokens.token(claims -> claims.claim("tenant_id", "acme")));
    assertThat(page.locator("#refusal-title")).hasText("Not allowed");
    assertThat(page.locator("#refusal-cause"))
        .hasText("The token lacks the scope transcripts:read.");
    submit("rubbish");
    assertThat(page.locator("#refusal-title")).hasText("Not signed in");
    assertThat(page.locator("#token")).hasValue("");
    submit(TestTokens.agentOf("acme"));

    assertThat(page.locator("#calls")).isVisible();
    assertThat(page.locator("#sign-in")).isHidden();
    assertThat((String) page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))
        .isEqualTo("[{},{}]");
    assertThat((String) page.evaluate("document.cookie")).isEmpty();
  }

  @Test
  void signOut_appliesToEveryTabAndAfterReload() {
    fixture.calls.begin("call-1", "acme").addFinal("secret");
    fixture.openCall("call-1");
    assertThat(fixture.words()).hasText(new String[] {"secret"});

    page.locator("#sign-out").click();

    assertThat(page.locator("#sign-in")).isVisible();
    assertThat(fixture.badge()).hasText("Signed out");
    assertThat(page.locator("body")).not().containsText("secret");
    page.reload();
    assertThat(page.locator("#sign-in")).isVisible();
    assertThat(page.locator("#refusal")).isHidden();
  }

  @Test
  void failedSignOut_isShown() {
    fixture.signIn("/");
    page.route("**/v1/session", Route::abort);

    page.locator("#sign-out").click();

    assertThat(page.locator("#sign-out-error"))
        .hasText("You are still signed in. The gateway cannot be reached at the moment.");
    page.unroute("**/v1/session");
    page.locator("#sign-out").click();
    assertThat(page.locator("#sign-in")).isVisible();
    assertThat(page.locator("#sign-out-error")).isHidden();
  }

  @Test
  void expiredSession_isShownAndCallReturnsAfterSignIn() {
    fixture.calls.begin("call-1", "acme").addFinal("one");
    page.navigate(fixture.address("/calls/call-1"));
    submit(
        TestTokens.token(claims ->
            claims
                .claim("tenant_id", "acme")
                .claim("scope", Viewer.READ)
                .expirationTime(Date.from(Instant.now().plusSeconds(4)))));
    assertThat(fixture.words()).hasText(new String[] {"one"});

    assertThat(page.locator("#refusal-title")).hasText("Your session has ended");
    PageFixture.signIn(page);

    assertThat(fixture.words()).hasText(new String[] {"one"});
  }

  @Test
  void callOfOtherTenant_isNotFoundAndNotRequestedAgain() {
    fixture.calls.begin("theirs", "globex").addFinal("secret");
    fixture.calls.begin("ours", "acme").addFinal("ours");
    List<String> asked = new ArrayList<>();
    page.onRequest(request -> {
      if (request.url().contains("call=theirs")) {
        asked.add(request.url());
      }
    });
    fixture.signIn("/calls/theirs");

    assertThat(page.locator("#missing")).containsText("Call theirs was not found.");
    assertThat(fixture.badge()).hasText("Call not found");
    assertThat(page.locator("#live li")).hasCount(1);
    page.locator("#live a").click();
    assertThat(fixture.words()).hasText(new String[] {"ours"});
    assertThat(asked).hasSize(1);
  }

  @Test
  void twoTabs_showOneCallEach() {
    fixture.calls.begin("call-1", "acme").addFinal("first call");
    fixture.calls.begin("call-2", "acme").addFinal("second call");
    fixture.openCall("call-1");

    Page other = fixture.open();
    other.navigate(fixture.address("/calls/call-2"));

    assertThat(other.locator("#lines .words")).hasText(new String[] {"second call"});
    assertThat(fixture.words()).hasText(new String[] {"first call"});
    assertThat(other.locator("#live li")).hasCount(2);
  }

  private void submit(String token) {
    page.locator("#token").fill(token);
    page.locator("#sign-in button").click();
  }
}
