package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Who may look, and what whoever may not is told.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class SessionIT {

  private final Desk desk;
  private final Page page;

  SessionIT(RedisServer redis, Chromium chromium) {
    desk = new Desk(redis, chromium);
    page = desk.page;
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void token_isRefusedWithTheCauseThenGranted() {
    page.navigate(desk.address("/"));
    assertThat(page.locator("#sign-in")).isVisible();
    assertThat(page.locator("#refusal")).isHidden();
    assertThat(page.locator("#token")).isFocused();

    show(TestTokens.token(claims -> claims.claim("tenant_id", "acme")));
    assertThat(page.locator("#refusal-title")).hasText("Not allowed");
    assertThat(page.locator("#refusal-cause"))
        .hasText("The token lacks the scope transcripts:read.");
    show("rubbish");
    assertThat(page.locator("#refusal-title")).hasText("Not signed in");
    assertThat(page.locator("#token")).hasValue("");
    show(TestTokens.agentOf("acme"));

    assertThat(page.locator("#calls")).isVisible();
    assertThat(page.locator("#sign-in")).isHidden();
    assertThat((String) page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))
        .isEqualTo("[{},{}]");
    assertThat((String) page.evaluate("document.cookie")).isEmpty();
  }

  @Test
  void whoeverSignsOut_isOutInEveryTabAndAfterReload() {
    desk.stage.begin("call-1", "acme").says("secret");
    desk.read("call-1");
    assertThat(desk.words()).hasText(new String[] {"secret"});

    page.locator("#sign-out").click();

    assertThat(page.locator("#sign-in")).isVisible();
    assertThat(desk.badge()).hasText("Signed out");
    assertThat(page.locator("body")).not().containsText("secret");
    page.reload();
    assertThat(page.locator("#sign-in")).isVisible();
    assertThat(page.locator("#refusal")).isHidden();
  }

  @Test
  void signingOutThatFails_isSaidAndNotPretended() {
    desk.signIn("/");
    page.route("**/v1/session", Route::abort);

    page.locator("#sign-out").click();

    assertThat(page.locator("#still-in"))
        .hasText("You are still signed in. The gateway cannot be reached at the moment.");
    page.unroute("**/v1/session");
    page.locator("#sign-out").click();
    assertThat(page.locator("#sign-in")).isVisible();
    assertThat(page.locator("#still-in")).isHidden();
  }

  @Test
  void sessionThatRunsOut_isSaidToHaveAndTheCallIsStillThereAfterwards() {
    desk.stage.begin("call-1", "acme").says("one");
    page.navigate(desk.address("/calls/call-1"));
    show(
        TestTokens.token(claims ->
            claims
                .claim("tenant_id", "acme")
                .claim("scope", Viewer.READ)
                .expirationTime(Date.from(Instant.now().plusSeconds(4)))));
    assertThat(desk.words()).hasText(new String[] {"one"});

    assertThat(page.locator("#refusal-title")).hasText("Your session has ended");
    Desk.signIn(page);

    assertThat(desk.words()).hasText(new String[] {"one"});
  }

  @Test
  void callOfAnotherTenant_doesNotExistAndIsNotAskedForAgain() {
    desk.stage.begin("theirs", "globex").says("secret");
    desk.stage.begin("ours", "acme").says("ours");
    List<String> asked = new ArrayList<>();
    page.onRequest(request -> {
      if (request.url().contains("call=theirs")) {
        asked.add(request.url());
      }
    });
    desk.signIn("/calls/theirs");

    assertThat(page.locator("#missing")).containsText("There is no call theirs.");
    assertThat(desk.badge()).hasText("No such call");
    assertThat(page.locator("#live li")).hasCount(1);
    page.locator("#live a").click();
    assertThat(desk.words()).hasText(new String[] {"ours"});
    assertThat(asked).hasSize(1);
  }

  @Test
  void twoTabs_readOneCallEach() {
    desk.stage.begin("call-1", "acme").says("first call");
    desk.stage.begin("call-2", "acme").says("second call");
    desk.read("call-1");

    Page other = desk.open();
    other.navigate(desk.address("/calls/call-2"));

    assertThat(other.locator("#lines .words")).hasText(new String[] {"second call"});
    assertThat(desk.words()).hasText(new String[] {"first call"});
    assertThat(other.locator("#live li")).hasCount(2);
  }

  private void show(String token) {
    page.locator("#token").fill(token);
    page.locator("#sign-in button").click();
  }
}
