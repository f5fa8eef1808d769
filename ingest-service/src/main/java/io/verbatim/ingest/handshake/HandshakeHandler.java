package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.Handshake;
import io.verbatim.ingest.auth.KnownApiKeys;
import io.verbatim.ingest.call.AdmissionResult.Limit;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.Dialect;
import io.verbatim.security.client.RateLimiter;
import io.verbatim.security.client.TrustedProxies;
import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.http.AuthResult.Rejected;
import io.verbatim.security.http.Client;
import io.verbatim.security.http.Problem;
import io.verbatim.service.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/// A path of WebSockets for calls: authenticates the caller, then upgrades the request, or answers
/// a request that is not an upgrade.
///
/// Everything is decided before the upgrade, because only close codes are possible after it. The
/// only I/O is fetching a token's keys if needed. Confined to the event loop.
public final class HandshakeHandler implements WebHandler {
  private static final Logger logger = LoggerFactory.getLogger(HandshakeHandler.class);

  private static final int PATH_ELEMENTS_BEFORE_TOKEN = 5;
  private static final Problem TOO_MANY_FAILURES =
      Problem.named(
          429,
          "too_many_failures",
          "Too many failed handshakes from your address. Try again later.");

  private final Authenticator authenticator;
  private final RateLimiter failures;
  private final CallAdmission admission;
  private final UpgradeHandler upgrades;
  private final Dialects dialects;
  private final EventLoop loop;
  private final PlainRequests plainRequests;
  private final TrustedProxies proxies;
  private final RejectionHandler rejections;

  /// Authenticates a caller by its handshake.
  @FunctionalInterface
  public interface Authenticator {
    CompletionStage<AuthResult<Caller>> authenticate(Handshake handshake);
  }

  /// Answers an authenticated request that is not an upgrade.
  @FunctionalInterface
  public interface PlainRequests {
    Mono<Void> answer(ServerWebExchange exchange, Handshake handshake, Caller caller);
  }

  /// Selects the dialect of an admitted caller's connection.
  @FunctionalInterface
  public interface Dialects {
    /// Returns the factory of one connection's dialect.
    ///
    /// @param client the client's address, determined with the trusted proxies
    Function<CallConnection, Dialect> of(
        Caller caller, ServerHttpRequest request, InetAddress client);
  }

  /// @param failures limits the failed authentications of an address
  public HandshakeHandler(
      Authenticator authenticator,
      RateLimiter failures,
      CallAdmission admission,
      UpgradeHandler upgrades,
      Dialects dialects,
      EventLoop loop,
      PlainRequests plainRequests,
      TrustedProxies proxies,
      RejectionHandler rejections) {
    this.authenticator = authenticator;
    this.failures = failures;
    this.admission = admission;
    this.upgrades = upgrades;
    this.dialects = dialects;
    this.loop = loop;
    this.plainRequests = plainRequests;
    this.proxies = proxies;
    this.rejections = rejections;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange) {
    HttpMethod method = exchange.getRequest().getMethod();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.POST)) {
      exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, "GET, POST");
      return rejections.reject(
          exchange,
          Problem.named(
              405,
              "bad_method",
              "The method is not allowed. Use GET to connect, GET or POST to request the URL."));
    }
    Optional<String> closed = admission.closed();
    if (closed.isPresent()) {
      return rejections.reject(exchange, unavailable(closed.get()));
    }
    Handshake handshake = handshake(exchange.getRequest(), proxies);
    return Mono.fromCompletionStage(onLoop(authenticator.authenticate(handshake)))
        .doOnError(failure -> logger.debug("handshake.failed", failure))
        .onErrorReturn(new Rejected<>(unavailable("keys_unavailable")))
        .flatMap(decided -> decided(exchange, handshake, decided));
  }

  /// Keys are fetched on other threads; the rest of the handshake continues on the loop.
  private CompletionStage<AuthResult<Caller>> onLoop(CompletionStage<AuthResult<Caller>> result) {
    return result.toCompletableFuture().isDone()
        ? result
        : result.thenApplyAsync(Function.identity(), loop::execute);
  }

  private Mono<Void> decided(
      ServerWebExchange exchange, Handshake handshake, AuthResult<Caller> result) {
    return switch (result) {
      case Rejected<Caller>(Problem problem) when problem.status() >= 500 ->
          rejections.reject(exchange, problem);
      case Rejected<Caller>(Problem problem) -> failed(exchange, problem);
      case Accepted<Caller>(Caller caller) when !handshake.upgrade() ->
          plainRequests.answer(exchange, handshake, caller);
      case Accepted<Caller>(Caller caller) -> {
        Optional<Limit> full = admission.check(caller);
        yield full.isPresent()
            ? rejections.reject(
                exchange, Problem.named(503, full.get().code(), full.get().sentence()))
            : upgrades.upgrade(
                exchange, dialects.of(caller, exchange.getRequest(), client(exchange)));
      }
    };
  }

  /// Counts failures only. Beyond the limit, a failure is answered with 429 without its reason. A
  /// caller that authenticates is still admitted, so that other clients at its address cannot lock
  /// it out.
  private Mono<Void> failed(ServerWebExchange exchange, Problem problem) {
    boolean withinLimit = failures.tryAcquire(client(exchange));
    return rejections.reject(exchange, withinLimit ? problem : TOO_MANY_FAILURES);
  }

  private static InetAddress client(ServerWebExchange exchange) {
    return Client.of(exchange.getAttributes()).address();
  }

  private static Problem unavailable(String code) {
    return Problem.named(
        503,
        code,
        switch (code) {
          case "shutting_down" -> "This instance is shutting down. Try again.";
          default -> "The keys that verify tokens are unavailable. Try again.";
        });
  }

  /// Whether a request asks for a WebSocket.
  public static boolean isUpgrade(ServerHttpRequest request) {
    return request.getMethod().equals(HttpMethod.GET)
        && "websocket".equalsIgnoreCase(request.getHeaders().getUpgrade());
  }

  /// Reads the handshake from a request.
  static Handshake handshake(ServerHttpRequest request, TrustedProxies proxies) {
    HttpHeaders headers = request.getHeaders();
    InetSocketAddress peer = request.getRemoteAddress();
    InetAddress address =
        peer == null || peer.getAddress() == null
            ? InetAddress.ofLiteral("0.0.0.0")
            : peer.getAddress();
    return new Handshake(
        Optional.ofNullable(headers.getFirst(HttpHeaders.AUTHORIZATION)),
        Optional.ofNullable(headers.getFirst(KnownApiKeys.HEADER)),
        pathToken(request.getPath().pathWithinApplication()),
        Optional.ofNullable(request.getQueryParams().getFirst("token")),
        isUpgrade(request),
        address,
        proxies.caller(address, name -> headers.getOrDefault(name, List.of())));
  }

  /// The path segment after `/v1/ingest/`. Further segments are ignored.
  private static Optional<String> pathToken(PathContainer path) {
    List<PathContainer.Element> elements = path.elements();
    return elements.size() > PATH_ELEMENTS_BEFORE_TOKEN
            && elements.get(PATH_ELEMENTS_BEFORE_TOKEN) instanceof PathSegment segment
            && !segment.value().isEmpty()
        ? Optional.of(segment.valueToMatch())
        : Optional.empty();
  }
}
