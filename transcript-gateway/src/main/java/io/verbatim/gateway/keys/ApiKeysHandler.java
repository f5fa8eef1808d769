package io.verbatim.gateway.keys;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.verbatim.gateway.audit.AuditFilter;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.json.JsonResponse;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.record.keys.ApiKey;
import io.verbatim.record.keys.ApiKeys;
import io.verbatim.record.keys.NewApiKey;
import io.verbatim.security.http.Problem;
import io.verbatim.service.EventLoop;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `POST`, `GET` and `DELETE /v1/api-keys`. An operator of one tenant sees and makes keys of this
/// tenant only.
public final class ApiKeysHandler {

  private record ApiKeyList(List<KeyView> apiKeys) {}

  /// @param prefix the beginning of the key, by which its owner recognises it
  private record KeyView(
      String id,
      String prefix,
      String name,
      @Nullable String tenant,
      List<String> scopes,
      Instant createdAt,
      String createdBy,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt) {

    static KeyView of(ApiKey key) {
      return new KeyView(
          key.id(),
          "vk_" + key.id(),
          key.name(),
          key.tenant(),
          key.scopes().stream().sorted().toList(),
          key.createdAt(),
          key.createdBy(),
          key.expiresAt(),
          key.lastUsedAt());
    }
  }

  private record CreatedView(@JsonUnwrapped KeyView view, String key) {}

  private final ApiKeys keys;
  private final InstantSource clock;
  private final EventLoop loop;

  public ApiKeysHandler(ApiKeys keys, InstantSource clock, EventLoop loop) {
    this.keys = keys;
    this.clock = clock;
    this.loop = loop;
  }

  public Mono<ServerResponse> create(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    return request
        .bodyToMono(String.class)
        .defaultIfEmpty("")
        .map(body -> KeyRequest.parse(body, viewer, clock.instant()))
        .flatMap(wanted ->
            Mono.fromCompletionStage(() ->
                keys.create(
                    wanted.name(),
                    wanted.tenant(),
                    wanted.scopes(),
                    viewer.auditName(),
                    wanted.expiresAt())))
        .flatMap(created ->
            created
                .map(key -> created(request, key))
                .orElseGet(() ->
                    ProblemHandler.respond(
                        Problem.of(
                            409,
                            "There are %d API keys. Revoke some first."
                                .formatted(ApiKeys.MAX_KEYS)))));
  }

  private static Mono<ServerResponse> created(ServerRequest request, NewApiKey created) {
    AuditFilter.object(request, "key:" + created.key().id());
    AuditFilter.concerns(request, created.key().tenant());
    CreatedView view = new CreatedView(KeyView.of(created.key()), created.secret());
    return ServerResponse.status(201)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(Json.bytes(view));
  }

  public Mono<ServerResponse> list(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    return Mono.fromCompletionStage(
            () -> keys.list(viewer.tenant()).thenCompose(all -> loop.offload(() -> encode(all))))
        .flatMap(JsonResponse::ofEncoded);
  }

  /// Runs off the loop, because thousands of keys take more than a millisecond.
  private static byte[] encode(List<ApiKey> keys) {
    return Json.bytes(new ApiKeyList(keys.stream().map(KeyView::of).toList()));
  }

  public Mono<ServerResponse> revoke(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    String id = request.pathVariable("id");
    Optional<ApiKey> known = keys.find(id);
    return Mono.fromCompletionStage(() -> keys.revoke(id, viewer.tenant()))
        .doOnNext(wasValid ->
            known
                .filter(_ -> wasValid)
                .ifPresent(key -> AuditFilter.concerns(request, key.tenant())))
        .flatMap(wasValid ->
            wasValid
                ? ServerResponse.noContent().build()
                : ProblemHandler.respond(Problem.of(404, "No valid API key has this id.")));
  }
}
