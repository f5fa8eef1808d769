package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A call on the page of a gateway that does not translate.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class NoTranslatorIT {

  @Test
  void chosenLanguage_isRefused_andTheOriginalGoesOn(RedisServer redis, Chromium chromium) {
    try (PageFixture fixture = new PageFixture(redis, chromium)) {
      Page page = fixture.page;
      fixture.calls.begin("call-1", PageFixture.TENANT).addFinal("one");
      fixture.openCall("call-1");

      page.locator("#translate").selectOption("es");

      assertThat(page.locator("#translation-notice")).containsText("Calls are not translated");
      assertThat(page.locator("#translate")).isDisabled();
      assertThat(fixture.badge()).hasText("Live");
      assertThat(fixture.words()).hasText(new String[] {"one"});
    }
  }
}
