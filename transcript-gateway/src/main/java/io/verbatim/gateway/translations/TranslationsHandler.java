package io.verbatim.gateway.translations;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.translation.TranslationRequest;
import io.verbatim.batch.translation.TranslationResult;
import io.verbatim.batch.translation.Translations;
import io.verbatim.batch.translator.TranslationProvider;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.recordings.FailureHandler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// `POST /translations/{service}`: a text in, its translation out.
///
/// If the client disconnects, the provider's request ends and the slot is free.
public final class TranslationsHandler {

  private static final String FORWARDED = "Request sent to external service";

  private record Failure(String error) {}

  private record Message(String message) {}

  /// An answer's body, and its outcome for counters.
  private record Outcome(String name, int status, Object body) {}

  private final Translations translations;
  private final Scheduler blocking;
  private final Consumer<@Nullable String> translated;
  private final FieldsHandler fields;
  private final GatewayMetrics metrics;

  /// @param blocking runs work that blocks, and interrupts it when it is cancelled
  /// @param translated receives the tenant, or null, of each translated text; must not block
  /// @param timeout until the body of a request is complete
  public TranslationsHandler(
      Translations translations,
      Scheduler blocking,
      Consumer<@Nullable String> translated,
      Duration timeout,
      GatewayMetrics metrics) {
    this.translations = translations;
    this.blocking = blocking;
    this.translated = translated;
    this.fields = new FieldsHandler(blocking, timeout);
    this.metrics = metrics;
  }

  /// Answers one request.
  public Mono<ServerResponse> translate(ServerRequest request) {
    String service = request.pathVariable("service");
    Optional<TranslationProvider> provider = TranslationProvider.named(service);
    if (provider.isEmpty()) {
      return ProblemHandler.notFound(request);
    }
    return Mono.defer(() -> accept(request, provider.get()))
        .flatMap(outcome -> {
          metrics.translation(service, outcome.name);
          return ServerResponse.status(outcome.status)
              .contentType(MediaType.APPLICATION_JSON)
              .bodyValue(Json.bytes(outcome.body));
        })
        .onErrorResume(failure -> {
          BatchException known = FailureHandler.known(failure, request);
          metrics.translation(service, FailureHandler.outcome(known));
          return FailureHandler.respond(provider.get().title() + " translation failed", known);
        })
        .doOnCancel(() -> metrics.translation(service, "cancelled"));
  }

  private Mono<Outcome> accept(ServerRequest request, TranslationProvider provider) {
    @Nullable String tenant = AccessHandler.viewer(request).tenant();
    boolean isForwarded = translations.isForwarded(provider);
    if (!isForwarded) {
      translations.requireKey(provider);
    }
    return Mono.using(
        translations::acquire,
        _ ->
            fields
                .read(request)
                .flatMap(given ->
                    Mono.fromCallable(() -> answer(provider, isForwarded, given, tenant))
                        .subscribeOn(blocking)),
        Translations.Slot::close);
  }

  private Outcome answer(
      TranslationProvider provider,
      boolean forward,
      Map<String, String> given,
      @Nullable String tenant)
      throws InterruptedException {
    Optional<String> missing = TranslationRequest.missing(given);
    if (missing.isPresent()) {
      return new Outcome("refused", 400, new Failure(missing.get()));
    }
    TranslationRequest wanted = TranslationRequest.of(provider, given);
    if (forward) {
      translations.forward(wanted);
      return new Outcome("forwarded", 200, new Message(FORWARDED));
    }
    TranslationResult result = translations.translate(wanted);
    translated.accept(tenant);
    return new Outcome("translated", 200, TranslationView.of(result));
  }
}
