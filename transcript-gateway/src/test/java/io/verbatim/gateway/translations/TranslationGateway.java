package io.verbatim.gateway.translations;

import io.verbatim.batch.translation.Translations;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.testkit.providers.ChatTranslations;
import io.verbatim.testkit.providers.GoogleTranslations;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/// A gateway with the stand-ins of all providers of translations.
final class TranslationGateway implements AutoCloseable {

  static final String TOKEN =
      TestTokens.token(
          claims -> claims.claim("tenant_id", "acme").claim("scope", "translations:write"));

  final ChatTranslations openAi = new ChatTranslations("oa-key");
  final ChatTranslations deepSeek = new ChatTranslations("ds-key");
  final GoogleTranslations google = new GoogleTranslations("go-key");
  final RunningGateway gateway;
  private final InMemoryBus bus = new InMemoryBus();

  /// @param settings replace those for the stand-ins
  /// @param beans replace those of the gateway, by name
  TranslationGateway(Map<String, Object> settings, Map<String, Object> beans) {
    Map<String, Object> all = new HashMap<>();
    all.put("OPENAI_API_KEY", "oa-key");
    all.put("OPENAI_URL", openAi.url().toString());
    all.put("DEEPSEEK_API_KEY", "ds-key");
    all.put("DEEPSEEK_URL", deepSeek.url().toString());
    all.put("GOOGLE_API_KEY", "go-key");
    all.put("GOOGLE_URL", google.url().toString());
    all.put("REQUESTS_PER_SECOND", "1000");
    all.putAll(settings);
    gateway = RunningGateway.on(bus, all, beans);
  }

  HttpResponse<String> post(String service, String json) {
    return post(service, "application/json", json);
  }

  HttpResponse<String> post(String service, String contentType, String body) {
    return gateway.send(
        gateway
            .request("/translations/" + service, TOKEN, "Content-Type", contentType)
            .POST(BodyPublishers.ofString(body)));
  }

  /// The number of slots in use.
  int used() {
    return gateway.bean(Translations.class).used();
  }

  @Override
  public void close() {
    gateway.close();
    bus.close();
    openAi.close();
    deepSeek.close();
    google.close();
  }
}
