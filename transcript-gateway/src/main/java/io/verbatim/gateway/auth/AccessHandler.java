package io.verbatim.gateway.auth;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.web.Client;
import io.verbatim.gateway.web.Origins;
import io.verbatim.service.EventLoop;
import io.verbatim.tokens.TokenClaims;
import io.verbatim.tokens.TokenFault;
import io.verbatim.tokens.TokenVerifier;
import io.verbatim.tokens.TokenVerifier.Verdict;
import io.verbatim.tokens.client.AddressAllowance;
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

/// Admits requests with a sufficient token, as Bearer or in the session cookie, and refuses others
/// with the cause.
///
/// An address that fails too often is told only that. A valid token is admitted all the same: a
/// client must not be locked out by others at its address.
public final class AccessHandler {

  /// The session cookie's name; its value is the token.
  static final String COOKIE = "verbatim_session";

  private static final Logger log = LoggerFactory.getLogger(AccessHandler.class);
  private static final AuthResult.Rejected NO_TOKEN =
      new AuthResult.Rejected(
          401,
          "no_token",
          "No token was shown: send Authorization: Bearer, or sign in for a session.");
  private static final AuthResult.Rejected FOREIGN_PAGE =
      new AuthResult.Rejected(
          403, "foreign_origin", "The request comes from a page of another site.");
  private static final AuthResult.Rejected WITHOUT_KEYS =
      new AuthResult.Rejected(
          503, "keys_unavailable", "The keys of tokens cannot be had at the moment.");
  private static final AuthResult.Rejected TOO_MANY_FAILURES =
      new AuthResult.Rejected(
          429, "too_many_failures", "Too many requests without a good token come from here.");
  private static final String VIEWER = AccessHandler.class.getName() + ".viewer";
  private static final String SCHEME = "Bearer ";
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final TokenVerifier verifier;
  private final Origins origins;
  private final AddressAllowance failures;
  private final GatewayMetrics metrics;
  private final EventLoop loop;

  /// @param failures how often an address may fail
  public AccessHandler(
      TokenVerifier verifier,
      Origins origins,
      AddressAllowance failures,
      GatewayMetrics metrics,
      EventLoop loop) {
    this.loop = loop;
    this.verifier = verifier;
    this.origins = origins;
    this.failures = failures;
    this.metrics = metrics;
  }

  /// Guards routes for those who may read transcripts.
  public HandlerFilterFunction<ServerResponse, ServerResponse> reading() {
    return (request, next) -> admit(request, next, Viewer.READ);
  }

  /// Guards routes for those who operate the system.
  public HandlerFilterFunction<ServerResponse, ServerResponse> operating() {
    return (request, next) -> admit(request, next, Viewer.OPS);
  }

  /// Who made a request that one of the guards let in.
  public static Viewer viewer(ServerRequest request) {
    return (Viewer) request.attribute(VIEWER).orElseThrow();
  }

  private Mono<ServerResponse> admit(
      ServerRequest request, HandlerFunction<ServerResponse> next, String scope) {
    return check(request, token(request), scope)
        .flatMap(result ->
            switch (result) {
              case AuthResult.Rejected rejected -> refused(request, rejected);
              case AuthResult.Accepted(Viewer viewer) -> {
                request.attributes().put(VIEWER, viewer);
                yield next.handle(request);
              }
            });
  }

  /// Decides about a request that shows a token. Cold; emits one result on the event loop, and
  /// never fails.
  Mono<AuthResult> check(ServerRequest request, Optional<String> token, String scope) {
    if (isForeign(request)) {
      return Mono.just(FOREIGN_PAGE);
    }
    if (token.isEmpty()) {
      return Mono.just(NO_TOKEN);
    }
    return verify(token.get())
        .map(verdict ->
            switch (verdict) {
              case Verdict.Valid(TokenClaims claims) -> demand(Viewer.of(claims), scope);
              case Verdict.Invalid(TokenFault fault) ->
                  new AuthResult.Rejected(401, fault.code(), fault.sentence());
            })
        .doOnError(failure -> log.debug("access.undecided", failure))
        .onErrorReturn(WITHOUT_KEYS);
  }

  /// Verifies off the loop: some signatures take more than a millisecond. Where too many wait, the
  /// loop verifies by itself, which slows down the acceptance of further requests.
  private Mono<Verdict> verify(String token) {
    return Mono.create(sink ->
        loop.offload(() -> verifier.verify(token))
            .exceptionally(_ -> verifier.verify(token))
            .thenCompose(verdict -> verdict)
            .whenComplete((verdict, failure) ->
                loop.run(() -> {
                  if (failure == null) {
                    sink.success(verdict);
                  } else {
                    sink.error(failure);
                  }
                })));
  }

  private static AuthResult demand(Viewer viewer, String scope) {
    if (!viewer.has(scope)) {
      return AuthResult.missingScope(scope);
    }
    return viewer.tenant() == null && !viewer.has(Viewer.OPS)
        ? AuthResult.missingScope(Viewer.OPS + ", which a token without tenant_id needs")
        : new AuthResult.Accepted(viewer);
  }

  Mono<ServerResponse> refused(ServerRequest request, AuthResult.Rejected cause) {
    boolean tooMany =
        cause.status() < 500 && !failures.take(Client.of(request.attributes()).address());
    AuthResult.Rejected told = tooMany ? TOO_MANY_FAILURES : cause;
    metrics.refused(told.status(), told.code());
    return ProblemHandler.respond(Problem.named(told.status(), told.code(), told.detail()));
  }

  Mono<ServerResponse> refusedAsForeign(ServerRequest request) {
    return refused(request, FOREIGN_PAGE);
  }

  /// A cookie comes along whoever wrote the page, so a change must come from ours, from a listed
  /// one, or from no page.
  boolean isForeign(ServerRequest request) {
    return !READING.contains(request.method())
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
