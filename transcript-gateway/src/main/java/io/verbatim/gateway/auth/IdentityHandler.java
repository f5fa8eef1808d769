package io.verbatim.gateway.auth;

import io.verbatim.gateway.json.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /api/me`: who the token or the API key belongs to, and what it permits.
public final class IdentityHandler implements HandlerFunction<ServerResponse> {

  /// @param subject the token's subject, or the key's name; null if the token has none
  /// @param keyId null for a token
  /// @param tenant null for all tenants
  /// @param expiresAt null for a key that does not expire
  private record Identity(
      @Nullable String subject,
      String credential,
      @Nullable String keyId,
      @Nullable String tenant,
      List<String> scopes,
      @Nullable Instant expiresAt) {}

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    Identity identity =
        new Identity(
            viewer.subject().isEmpty() ? null : viewer.subject(),
            viewer.keyId() == null ? "token" : "api_key",
            viewer.keyId(),
            viewer.tenant(),
            viewer.scopes().stream().sorted().toList(),
            viewer.expiresAt().equals(Instant.MAX) ? null : viewer.expiresAt());
    return ServerResponse.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .header("Cache-Control", "no-store")
        .bodyValue(Json.bytes(identity));
  }
}
