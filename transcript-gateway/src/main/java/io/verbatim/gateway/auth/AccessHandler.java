package io.verbatim.gateway.auth;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.web.Origins;
import io.verbatim.record.keys.ApiKeys;
import io.verbatim.security.client.RateLimiter;
import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.http.AuthResult.Rejected;
import io.verbatim.security.http.Client;
import io.verbatim.security.http.Problem;
import io.verbatim.security.token.TokenClaims;
import io.verbatim.security.token.TokenFault;
import io.verbatim.security.token.TokenVerifier;
import io.verbatim.security.token.TokenVerifier.Verdict;
import io.verbatim.service.EventLoop;
import java.util.List;
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

/// Admits requests with a sufficient token, as Bearer or in the session cookie, or with a
/// sufficient API key in `x-api-key`, and rejects others with the reason.
///
/// An address that fails too often gets 429 instead of the reason. A valid token is still admitted,
/// so that a client is not locked out by others at its address.
public final class AccessHandler {

  /// The session cookie's name; its value is the token.
  static final String COOKIE = "verbatim_session";

  private static final Logger logger = LoggerFactory.getLogger(AccessHandler.class);
  private static final Problem NO_TOKEN =
      Problem.named(
          401,
          "no_token",
          "No token in the request. Send Authorization: Bearer <token> or x-api-key: <key>, or open"
              + " a session with POST /v1/session.");
  private static final Problem FOREIGN_ORIGIN =
      Problem.named(
          403,
          "foreign_origin",
          "The request's Origin is not allowed. Only this site and the origins in CORS_ORIGINS may"
              + " change data.");
  private static final Problem KEYS_UNAVAILABLE =
      Problem.named(
          503,
          "keys_unavailable",
          "The keys that verify tokens are not available at the moment. Try again later.");
  private static final Problem TOO_MANY_FAILURES =
      Problem.named(
          429,
          "too_many_failures",
          "Too many requests without a valid token from your address. Try again later.");
  private static final Problem BAD_API_KEY =
      Problem.named(401, "bad_api_key", "The API key is unknown, expired or revoked.");
  private static final Problem API_KEYS_UNAVAILABLE =
      Problem.named(
          503, "keys_unavailable", "API keys cannot be checked at the moment. Try again later.");
  private static final String API_KEY = "x-api-key";
  private static final String API_KEY_PREFIX = "vk_";
  private static final String VIEWER = AccessHandler.class.getName() + ".viewer";
  private static final String SCHEME = "Bearer ";
  private static final Set<HttpMethod> SAFE_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final TokenVerifier verifier;
  private final @Nullable ApiKeys keys;
  private final Origins origins;
  private final RateLimiter failures;
  private final GatewayMetrics metrics;
  private final EventLoop loop;

  /// @param keys null if there are none
  /// @param failures bounds the failed requests of an address
  public AccessHandler(
      TokenVerifier verifier,
      @Nullable ApiKeys keys,
      Origins origins,
      RateLimiter failures,
      GatewayMetrics metrics,
      EventLoop loop) {
    this.loop = loop;
    this.verifier = verifier;
    this.keys = keys;
    this.origins = origins;
    this.failures = failures;
    this.metrics = metrics;
  }

  /// Requires the scope to read transcripts.
  public HandlerFilterFunction<ServerResponse, ServerResponse> requireRead() {
    return require(Viewer.READ);
  }

  /// Requires the scope to operate the system.
  public HandlerFilterFunction<ServerResponse, ServerResponse> requireOps() {
    return require(Viewer.OPS);
  }

  /// Requires one of these scopes.
  ///
  /// @param scopes the first one is named if all are missing
  public HandlerFilterFunction<ServerResponse, ServerResponse> require(String... scopes) {
    List<String> anyOf = List.of(scopes);
    return (request, next) -> admit(request, next, anyOf);
  }

  /// Requires a valid token or key, with any scopes or none.
  public HandlerFilterFunction<ServerResponse, ServerResponse> requireAny() {
    return (request, next) -> admit(request, next, List.of());
  }

  /// The tenant whose data a request concerns: the viewer's own, or for a viewer of all tenants the
  /// requested one; null for all. Another tenant's name ends the request with 404, as a call of
  /// another tenant does.
  public static @Nullable String requestedTenant(Viewer viewer, Optional<String> requested) {
    Optional<String> named = requested.filter(name -> !name.isEmpty());
    String own = viewer.tenant();
    if (own == null) {
      return named.orElse(null);
    }
    if (named.isPresent() && !named.get().equals(own)) {
      throw new ProblemException(Problem.of(404, "The requested tenant was not found."));
    }
    return own;
  }

  /// Requires the scope to transcribe recordings.
  public HandlerFilterFunction<ServerResponse, ServerResponse> requireTranscribe() {
    return require(Viewer.TRANSCRIBE);
  }

  /// Requires the scope to translate texts.
  public HandlerFilterFunction<ServerResponse, ServerResponse> requireTranslate() {
    return require(Viewer.TRANSLATE);
  }

  /// The viewer of a request that one of the filters admitted.
  public static Viewer viewer(ServerRequest request) {
    return (Viewer) request.attribute(VIEWER).orElseThrow();
  }

  private Mono<ServerResponse> admit(
      ServerRequest request, HandlerFunction<ServerResponse> next, List<String> anyOf) {
    return check(request, token(request), anyOf)
        .flatMap(result ->
            switch (result) {
              case Rejected<Viewer>(Problem problem) -> reject(request, problem);
              case Accepted<Viewer>(Viewer viewer) -> {
                request.attributes().put(VIEWER, viewer);
                yield next.handle(request);
              }
            });
  }

  /// Checks a request and its token. Cold; emits one result on the event loop, and never fails.
  ///
  /// @param anyOf the scopes of which the token needs one; empty if it needs none
  Mono<AuthResult<Viewer>> check(
      ServerRequest request, Optional<String> token, List<String> anyOf) {
    if (isForeign(request)) {
      return Mono.just(new Rejected<>(FOREIGN_ORIGIN));
    }
    if (token.isEmpty()) {
      return Mono.just(new Rejected<>(NO_TOKEN));
    }
    if (token.get().startsWith(API_KEY_PREFIX)) {
      return Mono.just(checkKey(token.get(), anyOf));
    }
    return verify(token.get())
        .map(verdict ->
            switch (verdict) {
              case Verdict.Valid(TokenClaims claims) -> authorize(Viewer.of(claims), anyOf);
              case Verdict.Invalid(TokenFault fault) -> AuthResult.<Viewer>invalidToken(fault);
            })
        .doOnError(failure -> logger.debug("token.verification_failed", failure))
        .onErrorReturn(new Rejected<>(KEYS_UNAVAILABLE));
  }

  private AuthResult<Viewer> checkKey(String text, List<String> anyOf) {
    if (keys != null && keys.isUnknown()) {
      return new Rejected<>(API_KEYS_UNAVAILABLE);
    }
    return Optional.ofNullable(keys)
        .flatMap(known -> known.check(text))
        .map(key -> authorize(Viewer.of(key), anyOf))
        .orElse(new Rejected<>(BAD_API_KEY));
  }

  /// Verifies off the loop, because some signatures take more than a millisecond. If too many wait,
  /// the loop verifies itself, which slows down the acceptance of further requests.
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

  private static AuthResult<Viewer> authorize(Viewer viewer, List<String> anyOf) {
    if (anyOf.isEmpty()) {
      return new Accepted<>(viewer);
    }
    if (anyOf.stream().noneMatch(viewer::has)) {
      return AuthResult.missingScope(anyOf.getFirst());
    }
    return viewer.tenant() == null && !viewer.has(Viewer.OPS)
        ? AuthResult.missingScope(Viewer.OPS + ", which a token without tenant_id needs")
        : new Accepted<>(viewer);
  }

  Mono<ServerResponse> reject(ServerRequest request, Problem problem) {
    boolean tooMany =
        problem.status() < 500 && !failures.tryAcquire(Client.of(request.attributes()).address());
    Problem reported = tooMany ? TOO_MANY_FAILURES : problem;
    metrics.refused(reported.status(), reported.code());
    return ProblemHandler.respond(reported);
  }

  Mono<ServerResponse> rejectForeign(ServerRequest request) {
    return reject(request, FOREIGN_ORIGIN);
  }

  /// Whether a changing request comes from a page of a site that is not allowed. Browsers send the
  /// cookie with requests of any page, so such a request must come from our page, from a listed
  /// origin, or from no page.
  boolean isForeign(ServerRequest request) {
    return !SAFE_METHODS.contains(request.method())
        && !origins.isOurs(header(request, HttpHeaders.ORIGIN), header(request, HttpHeaders.HOST));
  }

  /// The credential of a request: a token or an API key. An API key is no Bearer, so a Bearer that
  /// looks like one is refused as a token.
  private static Optional<String> token(ServerRequest request) {
    return credential(request)
        .or(() ->
            Optional.ofNullable(request.cookies().getFirst(COOKIE)).map(HttpCookie::getValue));
  }

  /// The token or the API key in the headers. A text in `x-api-key` that has not the form of a key
  /// gets the prefix, so that it is never taken for a token.
  static Optional<String> credential(ServerRequest request) {
    return bearer(request)
        .map(token -> token.startsWith(API_KEY_PREFIX) ? "bearer " + token : token)
        .or(() ->
            Optional.ofNullable(header(request, API_KEY))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .map(key -> key.startsWith(API_KEY_PREFIX) ? key : API_KEY_PREFIX));
  }

  private static Optional<String> bearer(ServerRequest request) {
    return Optional.ofNullable(header(request, HttpHeaders.AUTHORIZATION))
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip())
        .filter(token -> !token.isEmpty());
  }

  private static @Nullable String header(ServerRequest request, String name) {
    return request.headers().firstHeader(name);
  }
}
