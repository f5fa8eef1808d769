package io.verbatim.gateway.translations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.TestDatabase;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Translations in the usage of their tenant.
class TranslationUsageTest {

  @Test
  void eachTranslatedText_isCountedOnce() {
    try (TestDatabase database = TestDatabase.h2();
        TranslationGateway texts =
            new TranslationGateway(Map.of("DATABASE_URL", database.url()), Map.of())) {
      String hello = "{\"text\":\"Hello\",\"target_language\":\"es\"}";
      assertThat(texts.post("openai", hello).statusCode()).isEqualTo(200);
      assertThat(texts.post("google", hello).statusCode()).isEqualTo(200);
      assertThat(texts.post("openai", "{\"text\":\"Hello\"}").statusCode()).isEqualTo(400);

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(
                      texts
                          .gateway
                          .get("/v1/usage?format=csv", TestTokens.operator())
                          .body()
                          .lines()
                          .skip(1))
                  .singleElement()
                  .asString()
                  .endsWith(",\"acme\",translation,0,0,0,0,0,0,0,0,0,2"));
    }
  }
}
