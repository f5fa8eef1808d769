package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.AuthResult;
import io.verbatim.ingest.auth.AuthResult.Accepted;
import io.verbatim.ingest.auth.AuthResult.Rejected;
import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.Handshake;
import io.verbatim.ingest.auth.StreamAuthenticator;
import io.verbatim.ingest.call.AdmissionResult.Limit;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.Dialect;
import io.verbatim.service.EventLoop;
import io.verbatim.tokens.client.AddressAllowance;
import io.verbatim.tokens.client.TrustedProxies;
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

/// `/v1/ingest` and `/v1/ingest/{token}`: checks who calls, then upgrades, or says where to
/// connect.
///
/// Everything is decided before the upgrade, for after it only close codes are left. The only I/O
/// is fetching a token's keys where they have to be fetched. Confined to the event loop.
public final class HandshakeHandler implements WebHandler {
  private static final Logger logger = LoggerFactory.getLogger(HandshakeHandler.class);

  private static final int PATH_ELEMENTS_BEFORE_TOKEN = 5;
  private static final Rejected TOO_MANY_FAILURES =
      new Rejected(
          429,
          "too_many_failures",
          "Too many failed handshakes from your address. Try again later.");

  private final StreamAuthenticator authenticator;
  private final AddressAllowance failures;
  private final TrustedProxies proxies;
  private final CallAdmission admission;
  private final UpgradeHandler upgrades;
  private final Dialects dialects;
  private final EventLoop loop;
  private final UrlHandler urls;
  private final RejectionLog rejections;

  /// Gives an admitted caller's connection its dialect.
  @FunctionalInterface
  public interface Dialects {
    /// The dialect of one connection.
    ///
    /// @param client the address the request came from, behind those proxies that are trusted
    Function<CallConnection, Dialect> of(
        Caller caller, ServerHttpRequest request, InetAddress client);
  }

  /// @param failures how often an address may fail to prove itself
  public HandshakeHandler(
      StreamAuthenticator authenticator,
      AddressAllowance failures,
      TrustedProxies proxies,
      CallAdmission admission,
      UpgradeHandler upgrades,
      Dialects dialects,
      EventLoop loop,
      UrlHandler urls,
      RejectionLog rejections) {
    this.authenticator = authenticator;
    this.failures = failures;
    this.proxies = proxies;
    this.admission = admission;
    this.upgrades = upgrades;
    this.dialects = dialects;
    this.loop = loop;
    this.urls = urls;
    this.rejections = rejections;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange) {
    HttpMethod method = exchange.getRequest().getMethod();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.POST)) {
      exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, "GET, POST");
      return reject(
          exchange,
          new Rejected(405, "bad_method", "Use GET for a connection, GET or POST for its URL."));
    }
    Optional<String> closed = admission.closed();
    if (closed.isPresent()) {
      return reject(exchange, unavailable(closed.get()));
    }
    Handshake handshake = handshake(exchange.getRequest());
    return Mono.fromCompletionStage(onLoop(authenticator.authenticate(handshake)))
        .doOnError(failure -> logger.debug("handshake.undecided", failure))
        .onErrorReturn(unavailable("keys_unavailable"))
        .flatMap(decided -> decided(exchange, handshake, decided));
  }

  /// Keys are fetched elsewhere; what depends on them continues on the loop.
  private CompletionStage<AuthResult> onLoop(CompletionStage<AuthResult> result) {
    return result.toCompletableFuture().isDone()
        ? result
        : result.thenApplyAsync(Function.identity(), loop::execute);
  }

  private Mono<Void> decided(ServerWebExchange exchange, Handshake handshake, AuthResult result) {
    return switch (result) {
      case Rejected rejected when rejected.status() >= 500 -> reject(exchange, rejected);
      case Rejected rejected -> failed(exchange, handshake, rejected);
      case Accepted(Caller caller) when !handshake.upgrade() ->
          urls.answer(exchange, handshake, caller);
      case Accepted(Caller caller) -> {
        Optional<Limit> full = admission.check(caller);
        yield full.isPresent()
            ? reject(exchange, new Rejected(503, full.get().code(), full.get().sentence()))
            : upgrades.upgrade(
                exchange, dialects.of(caller, exchange.getRequest(), handshake.client(proxies)));
      }
    };
  }

  /// Only failures are counted; beyond the limit their answer gives no other reason. A caller that
  /// authenticates is admitted all the same: it must not be locked out by a stranger at its
  /// address.
  private Mono<Void> failed(ServerWebExchange exchange, Handshake handshake, Rejected rejected) {
    boolean known = failures.take(handshake.client(proxies));
    return reject(exchange, known ? rejected : TOO_MANY_FAILURES);
  }

  private static Rejected unavailable(String code) {
    return new Rejected(
        503,
        code,
        switch (code) {
          case "shutting_down" -> "This instance is being replaced. Try again.";
          default -> "The keys that verify tokens cannot be fetched now. Try again.";
        });
  }

  private Mono<Void> reject(ServerWebExchange exchange, Rejected rejected) {
    rejections.record(rejected);
    return ProblemHandler.answer(exchange.getResponse(), rejected);
  }

  /// What the request shows.
  static Handshake handshake(ServerHttpRequest request) {
    HttpHeaders headers = request.getHeaders();
    InetSocketAddress peer = request.getRemoteAddress();
    InetAddress address = peer == null ? null : peer.getAddress();
    return new Handshake(
        Optional.ofNullable(headers.getFirst(HttpHeaders.AUTHORIZATION)),
        pathToken(request.getPath().pathWithinApplication()),
        Optional.ofNullable(request.getQueryParams().getFirst("token")),
        request.getMethod().equals(HttpMethod.GET)
            && "websocket".equalsIgnoreCase(headers.getUpgrade()),
        address == null ? InetAddress.ofLiteral("0.0.0.0") : address,
        headers.getOrDefault("X-Forwarded-For", List.of()));
  }

  /// The segment behind `/v1/ingest/`; what follows it is overlooked.
  private static Optional<String> pathToken(PathContainer path) {
    List<PathContainer.Element> elements = path.elements();
    return elements.size() > PATH_ELEMENTS_BEFORE_TOKEN
            && elements.get(PATH_ELEMENTS_BEFORE_TOKEN) instanceof PathSegment segment
            && !segment.value().isEmpty()
        ? Optional.of(segment.valueToMatch())
        : Optional.empty();
  }
}
