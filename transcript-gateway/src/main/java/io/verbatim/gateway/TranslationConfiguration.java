package io.verbatim.gateway;

import io.verbatim.batch.translation.Translations;
import io.verbatim.batch.webhook.WebhookNetwork;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.translations.TranslationsHandler;
import io.verbatim.gateway.translations.TranslatorsHandler;
import io.verbatim.record.CallRecords;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// The translation of texts and of live calls.
@Configuration(proxyBeanMethods = false)
class TranslationConfiguration {

  /// No setting replaces it: a test registers its own.
  @Bean
  @ConditionalOnMissingBean
  WebhookNetwork webhookNetwork() {
    return WebhookNetwork.internet();
  }

  /// Inactive without a provider's key.
  @Bean(destroyMethod = "close")
  Translations translations(
      GatewayProperties properties,
      WebhookNetwork network,
      GatewayMetrics metrics,
      InstantSource clock) {
    RecordingsProperties recordings = properties.recordings();
    Translations translations =
        Translations.open(
            properties.translation().toSettings(recordings.openAi(), recordings.timeout()),
            network,
            clock);
    metrics.observeTranslations(translations::used);
    return translations;
  }

  /// A virtual thread for each text.
  @Bean(destroyMethod = "dispose")
  Scheduler translationThreads() {
    return Schedulers.fromExecutorService(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("translation-", 0).factory()),
        "translation");
  }

  @Bean
  @Order(0)
  RouterFunction<ServerResponse> translationRoutes(
      AccessHandler access,
      Translations translations,
      Scheduler translationThreads,
      CallRecords records,
      GatewayProperties properties,
      GatewayMetrics metrics) {
    TranslationsHandler handler =
        new TranslationsHandler(
            translations,
            translationThreads,
            records::translated,
            properties.limits().requestTimeout(),
            metrics);
    return RouterFunctions.route()
        .GET("/translations", new TranslatorsHandler(translations))
        .POST("/translations/{service}", handler::translate)
        .filter(access.requireTranslate())
        .onError(Throwable.class, ProblemHandler::failed)
        .build();
  }
}
