package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.testkit.providers.ChatTranslations;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A call on the page with its translation.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class TranslationIT {

  private final ChatTranslations provider = new ChatTranslations("oa-key");
  private final PageFixture fixture;
  private final Page page;

  TranslationIT(RedisServer redis, Chromium chromium) {
    fixture =
        new PageFixture(
            redis,
            chromium,
            Map.of("OPENAI_API_KEY", "oa-key", "OPENAI_URL", provider.url().toString()));
    page = fixture.page;
  }

  @AfterEach
  void close() {
    fixture.close();
    provider.close();
  }

  @Test
  void chosenLanguage_isShownUnderEachLine() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("one");
    fixture.openCall("call-1");
    assertThat(fixture.words()).hasCount(1);
    assertThat(page.locator(".translation")).hasCount(0);

    page.locator("#translate").selectOption("es");

    assertThat(fixture.line(0).locator(".translation")).hasText("[es] one");
    assertThat(fixture.line(0).locator(".translation")).hasAttribute("lang", "es");
    call.addFinal("two");
    assertThat(fixture.line(1).locator(".translation")).hasText("[es] two");
    page.locator("#translate").selectOption("fr");
    assertThat(page.locator(".translation")).hasText(new String[] {"[fr] one", "[fr] two"});
    page.reload();
    assertThat(page.locator(".translation")).hasText(new String[] {"[fr] one", "[fr] two"});
    page.locator("#translate").selectOption("");
    assertThat(page.locator(".translation")).hasCount(0);
    assertThat(fixture.words()).hasText(new String[] {"one", "two"});
  }

  @Test
  void translatorThatIsAway_isReported() {
    TestCall call = fixture.calls.begin("call-1", PageFixture.TENANT);
    fixture.openCall("call-1");
    page.locator("#translate").selectOption("es");
    provider.answerNext(401, "{}");

    call.addFinal("one");

    assertThat(page.locator("#translation-notice")).containsText("OpenAI refused the key");
    assertThat(fixture.words()).hasText(new String[] {"one"});
    assertThat(page.locator(".translation")).hasText(new String[] {"[es] one"});
    assertThat(page.locator("#translation-notice")).isHidden();
  }
}
