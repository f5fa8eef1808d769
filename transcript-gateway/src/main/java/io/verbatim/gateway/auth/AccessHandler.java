package io.verbatim.gateway.auth;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.web.Origins;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Lets in whoever shows a sufficient token, as Bearer or in the session cookie, and refuses others
/// with the cause.
public final class AccessHandler {

  /// The session cookie's name; its value is the token.
  static final String COOKIE = "verbatim_session";

  private static final Logger log = LoggerFactory.getLogger(AccessHandler.class);
  private static final AuthResult WITHOUT_KEYS =
      new AuthResult.Rejected(503, "The keys of tokens cannot be had at the moment.");
  private static final String VIEWER = AccessHandler.class.getName() + ".viewer";
  private static final String SCHEME = "Bearer ";
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final TokenVerifier verifier;
  private final Origins origins;
  private final GatewayMetrics metrics;

  public AccessHandler(TokenVerifier verifier, Origins origins, GatewayMetrics metrics) {
    this.verifier = verifier;
    this.origins = origins;
    this.metrics = metrics;
  }

  /// Guards routes for those who may read transcripts.
  public HandlerFilterFunction<ServerResponse, ServerResponse> reading() {
    return (request, next) -> letIn(request, next, Viewer.READ);
  }

  /// Guards routes for those who operate the system.
  public HandlerFilterFunction<ServerResponse, ServerResponse> operating() {
    return (request, next) -> letIn(request, next, Viewer.OPS);
  }

  /// Who made a request that one of the guards let in.
  public static Viewer viewer(ServerRequest request) {
    return (Viewer) request.attribute(VIEWER).orElseThrow();
  }

  private Mono<ServerResponse> letIn(
      ServerRequest request, HandlerFunction<ServerResponse> next, String scope) {
    if (isForged(request)) {
      return refused(
          new AuthResult.Rejected(403, "The request comes from a page of another site."));
    }
    return check(token(request), scope)
        .flatMap(result ->
            switch (result) {
              case AuthResult.Rejected rejected -> refused(rejected);
              case AuthResult.Accepted(Viewer viewer) -> {
                request.attributes().put(VIEWER, viewer);
                yield next.handle(request);
              }
            });
  }

  /// Decides about a token. Cold; emits one result, on a thread of the keys where they are
  /// published ones, and never fails.
  Mono<AuthResult> check(Optional<String> token, String scope) {
    if (token.isEmpty()) {
      return Mono.just(
          AuthResult.unauthorized(
              "No token was shown: send Authorization: Bearer, or sign in for a session."));
    }
    String shown = token.get();
    return Mono.fromCompletionStage(() -> verifier.verify(shown))
        .map(result ->
            result instanceof AuthResult.Accepted(Viewer viewer) ? demand(viewer, scope) : result)
        .doOnError(failure -> log.debug("access.undecided", failure))
        .onErrorReturn(WITHOUT_KEYS);
  }

  private static AuthResult demand(Viewer viewer, String scope) {
    if (!viewer.has(scope)) {
      return AuthResult.missingScope(scope);
    }
    return viewer.tenant() == null && !viewer.has(Viewer.OPS)
        ? AuthResult.missingScope(Viewer.OPS + ", which a token without tenant_id needs")
        : new AuthResult.Accepted(viewer);
  }

  Mono<ServerResponse> refused(AuthResult.Rejected rejected) {
    metrics.refused(rejected.status());
    return ProblemHandler.respond(Problem.of(rejected.status(), rejected.cause()));
  }

  /// A cookie comes along whoever wrote the page, so a change it alone vouches for must come from
  /// ours.
  boolean isForged(ServerRequest request) {
    boolean changes = !READING.contains(request.method());
    return changes
        && bearer(request).isEmpty()
        && !origins.isOurs(header(request, HttpHeaders.ORIGIN), header(request, HttpHeaders.HOST));
  }

  private static Optional<String> token(ServerRequest request) {
    return bearer(request)
        .or(() ->
            Optional.ofNullable(request.cookies().getFirst(COOKIE)).map(HttpCookie::getValue));
  }

  static Optional<String> bearer(ServerRequest request) {
    return Optional.ofNullable(header(request, HttpHeaders.AUTHORIZATION))
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip())
        .filter(token -> !token.isEmpty());
  }

  private static @Nullable String header(ServerRequest request, String name) {
    return request.headers().firstHeader(name);
  }
}
