package io.verbatim.gateway.auth;

import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.http.AuthResult.Rejected;
import io.verbatim.security.http.Client;
import io.verbatim.security.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Sessions of browsers, because EventSource cannot send a header. A request brings the token as
/// Bearer, and the response sets it as an HttpOnly cookie. The server stores nothing.
public final class SessionHandler {

  /// In characters. Browsers drop a cookie of more than 4 KB without notice.
  private static final int MAX_TOKEN_LENGTH = 3800;

  /// API keys may be valid for years, and a browser's session should not.
  private static final Duration MAX_AGE = Duration.ofDays(30);

  private final AccessHandler access;
  private final InstantSource clock;

  public SessionHandler(AccessHandler access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  /// `POST /v1/session`
  public Mono<ServerResponse> open(ServerRequest request) {
    Optional<String> token = AccessHandler.credential(request);
    return access
        .check(request, token, List.of(Viewer.READ))
        .flatMap(result ->
            switch (result) {
              case Rejected<Viewer>(Problem problem) -> access.reject(request, problem);
              case Accepted<Viewer>(Viewer viewer) -> opened(request, token.orElseThrow(), viewer);
            });
  }

  private Mono<ServerResponse> opened(ServerRequest request, String token, Viewer viewer) {
    if (token.length() > MAX_TOKEN_LENGTH) {
      return ProblemHandler.respond(
          Problem.of(
              400,
              ("The token has %d characters, and a cookie can hold %d. Send it as Authorization:"
                      + " Bearer instead.")
                  .formatted(token.length(), MAX_TOKEN_LENGTH)));
    }
    Instant now = clock.instant();
    boolean expiresFirst = viewer.expiresAt().isBefore(now.plus(MAX_AGE));
    Duration maxAge = expiresFirst ? Duration.between(now, viewer.expiresAt()) : MAX_AGE;
    return ServerResponse.noContent()
        .cookie(cookie(request, token, maxAge.isPositive() ? maxAge : Duration.ofSeconds(1)))
        .build();
  }

  /// `DELETE /v1/session`
  public Mono<ServerResponse> close(ServerRequest request) {
    if (access.isForeign(request)) {
      return access.rejectForeign(request);
    }
    return ServerResponse.noContent().cookie(cookie(request, "", Duration.ZERO)).build();
  }

  private static ResponseCookie cookie(ServerRequest request, String value, Duration maxAge) {
    return ResponseCookie.from(AccessHandler.COOKIE, value)
        .httpOnly(true)
        .sameSite("Strict")
        .path("/")
        .maxAge(maxAge)
        .secure(Client.of(request.attributes()).tls())
        .build();
  }
}
