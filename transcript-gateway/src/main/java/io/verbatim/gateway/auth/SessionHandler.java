package io.verbatim.gateway.auth;

import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.web.Client;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Sessions of browsers, whose EventSource cannot send a header: a token comes in, a cookie that no
/// script can read goes out. The server keeps nothing.
public final class SessionHandler {

  /// Browsers silently drop a cookie of more than 4 KB.
  private static final int LONGEST_TOKEN = 3800;

  private final AccessHandler access;
  private final InstantSource clock;

  public SessionHandler(AccessHandler access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  /// `POST /v1/session`
  public Mono<ServerResponse> open(ServerRequest request) {
    Optional<String> token = AccessHandler.bearer(request);
    return access
        .check(request, token, Viewer.READ)
        .flatMap(result ->
            switch (result) {
              case AuthResult.Rejected rejected -> access.refused(request, rejected);
              case AuthResult.Accepted(Viewer viewer) ->
                  opened(request, token.orElseThrow(), viewer);
            });
  }

  private Mono<ServerResponse> opened(ServerRequest request, String token, Viewer viewer) {
    if (token.length() > LONGEST_TOKEN) {
      return ProblemHandler.respond(
          Problem.of(400, "The token is too long for a cookie; read with Authorization: Bearer."));
    }
    Duration life = Duration.between(clock.instant(), viewer.expiresAt());
    return ServerResponse.noContent()
        .cookie(cookie(request, token, life.isPositive() ? life : Duration.ofSeconds(1)))
        .build();
  }

  /// `DELETE /v1/session`
  public Mono<ServerResponse> close(ServerRequest request) {
    if (access.isForeign(request)) {
      return access.refusedAsForeign(request);
    }
    return ServerResponse.noContent().cookie(cookie(request, "", Duration.ZERO)).build();
  }

  private static ResponseCookie cookie(ServerRequest request, String value, Duration life) {
    return ResponseCookie.from(AccessHandler.COOKIE, value)
        .httpOnly(true)
        .sameSite("Strict")
        .path("/")
        .maxAge(life)
        .secure(Client.of(request.attributes()).tls())
        .build();
  }
}
