package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.AuthResult;
import io.verbatim.ingest.auth.AuthResult.Accepted;
import io.verbatim.ingest.auth.AuthResult.Rejected;
import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.Handshake;
import io.verbatim.ingest.auth.StreamAuthenticator;
import io.verbatim.ingest.call.CallEntry.Limit;
import io.verbatim.tokens.client.AddressAllowance;
import io.verbatim.tokens.client.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/// `/v1/ingest` and `/v1/ingest/{token}`: checks who calls, then upgrades, or says where to
/// connect.
///
/// Everything is decided before the upgrade, for after it only close codes are left. Nothing here
/// does I/O but fetching a token's keys where they have to be fetched.
public final class HandshakeHandler implements WebHandler {
  private static final Logger logger = LoggerFactory.getLogger(HandshakeHandler.class);

  private static final int PATH_ELEMENTS_BEFORE_TOKEN = 5;
  private static final Rejected TOO_MANY_FAILURES =
      new Rejected(429, "too_many_failures", "Too many handshakes without a proof come from here.");

  private final StreamAuthenticator authenticator;
  private final AddressAllowance failures;
  private final TrustedProxies proxies;
  private final Admission admission;
  private final WebSocketService sockets;
  private final SocketHandlers handlers;
  private final UrlHandler urls;
  private final Refusals refusals;

  /// Gives an accepted caller's socket its handler.
  @FunctionalInterface
  public interface SocketHandlers {
    /// The handler of one socket.
    ///
    /// @param client the address the request came from, behind those proxies that are trusted
    WebSocketHandler of(Caller caller, ServerHttpRequest request, InetAddress client);
  }

  /// @param failures how often an address may fail to prove itself
  public HandshakeHandler(
      StreamAuthenticator authenticator,
      AddressAllowance failures,
      TrustedProxies proxies,
      Admission admission,
      WebSocketService sockets,
      SocketHandlers handlers,
      UrlHandler urls,
      Refusals refusals) {
    this.authenticator = authenticator;
    this.failures = failures;
    this.proxies = proxies;
    this.admission = admission;
    this.sockets = sockets;
    this.handlers = handlers;
    this.urls = urls;
    this.refusals = refusals;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange) {
    HttpMethod method = exchange.getRequest().getMethod();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.POST)) {
      exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, "GET, POST");
      return refuse(exchange, new Rejected(405, "bad_method", "Use GET, or POST for the URL."));
    }
    Optional<String> closed = admission.closed();
    if (closed.isPresent()) {
      return refuse(exchange, unavailable(closed.get()));
    }
    Handshake handshake = handshake(exchange.getRequest());
    CompletionStage<AuthResult> result = authenticator.authenticate(handshake);
    return Mono.fromCompletionStage(result)
        .doOnError(failure -> logger.debug("handshake.undecided", failure))
        .onErrorReturn(unavailable("keys_unavailable"))
        .flatMap(decided -> decided(exchange, handshake, decided));
  }

  private Mono<Void> decided(ServerWebExchange exchange, Handshake handshake, AuthResult result) {
    return switch (result) {
      case Rejected rejected when rejected.status() >= 500 -> refuse(exchange, rejected);
      case Rejected rejected -> failed(exchange, handshake, rejected);
      case Accepted(Caller caller) when !handshake.upgrade() ->
          urls.answer(exchange, handshake, caller);
      case Accepted(Caller caller) -> {
        Optional<Limit> full = admission.full(caller);
        yield full.isPresent()
            ? refuse(exchange, new Rejected(503, full.get().code(), full.get().sentence()))
            : sockets.handleRequest(
                exchange, handlers.of(caller, exchange.getRequest(), handshake.client(proxies)));
      }
    };
  }

  /// Failures alone are counted, and beyond the limit they are told only that. The right proof
  /// opens all the same: whoever shares an address with a stranger must not be shut out by it.
  private Mono<Void> failed(ServerWebExchange exchange, Handshake handshake, Rejected rejected) {
    boolean known = failures.take(handshake.client(proxies));
    return refuse(exchange, known ? rejected : TOO_MANY_FAILURES);
  }

  private static Rejected unavailable(String code) {
    return new Rejected(
        503,
        code,
        switch (code) {
          case "shutting_down" -> "This instance is being replaced: come again.";
          default -> "The keys of tokens cannot be had now: come again.";
        });
  }

  private Mono<Void> refuse(ServerWebExchange exchange, Rejected rejected) {
    refusals.note(rejected);
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
