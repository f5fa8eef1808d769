package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.AuthResult.Rejected;
import io.verbatim.ingest.auth.Handshake;
import io.verbatim.tokens.client.AddressAllowance;
import io.verbatim.tokens.client.TrustedProxies;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Limits how many plain HTTP requests an address may make, and how large their bodies may be.
///
/// Upgrades are not limited here: an authenticated caller is admitted whoever shares its address,
/// and the others have a limit of their own. Health is always answered. Confined to the event loop.
public final class RequestLimitsHandler implements WebFilter {
  private static final Rejected TOO_MANY =
      new Rejected(429, "too_many_requests", "Too many requests from your address. Send fewer.");
  private static final Rejected TOO_LARGE =
      new Rejected(413, "body_too_large", "The request body is larger than MAX_REQUEST_BODY.");

  private static final Rejected TOO_SLOW =
      new Rejected(408, "body_too_slow", "The request body did not arrive within REQUEST_TIMEOUT.");

  private final AddressAllowance requests;
  private final TrustedProxies proxies;
  private final long mostBytes;
  private final Duration patience;
  private final RejectionLog rejections;

  /// @param requests how many requests an address may make
  /// @param mostBytes of a request's body
  /// @param patience how long a body may take
  public RequestLimitsHandler(
      AddressAllowance requests,
      TrustedProxies proxies,
      long mostBytes,
      Duration patience,
      RejectionLog rejections) {
    this.requests = requests;
    this.proxies = proxies;
    this.mostBytes = mostBytes;
    this.patience = patience;
    this.rejections = rejections;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    Handshake handshake = HandshakeHandler.handshake(request);
    if (isBounded(handshake, request) && !requests.take(handshake.client(proxies))) {
      return reject(exchange, TOO_MANY);
    }
    HttpHeaders headers = request.getHeaders();
    if (headers.getContentLength() > mostBytes) {
      return reject(exchange, TOO_LARGE);
    }
    boolean hasBody =
        headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    return hasBody
        ? readAway(request)
            .flatMap(
                wrong -> wrong.isEmpty() ? chain.filter(exchange) : reject(exchange, wrong.get()))
        : chain.filter(exchange);
  }

  private static boolean isBounded(Handshake handshake, ServerHttpRequest request) {
    String path = request.getPath().value();
    return !handshake.upgrade() && !path.equals("/health") && !path.startsWith("/actuator/health");
  }

  /// Reads the body and drops it, for no request here needs one. Answers what is wrong with it, if
  /// anything.
  private Mono<Optional<Rejected>> readAway(ServerHttpRequest request) {
    AtomicLong read = new AtomicLong();
    return request
        .getBody()
        .map(part -> read.addAndGet(sizeOf(part)) <= mostBytes)
        .takeUntil(fits -> !fits)
        .last(true)
        .map(fits -> fits ? Optional.<Rejected>empty() : Optional.of(TOO_LARGE))
        .timeout(patience, Mono.just(Optional.of(TOO_SLOW)));
  }

  private static int sizeOf(DataBuffer part) {
    int size = part.readableByteCount();
    DataBufferUtils.release(part);
    return size;
  }

  private Mono<Void> reject(ServerWebExchange exchange, Rejected rejected) {
    rejections.record(rejected);
    if (!rejected.equals(TOO_MANY)) {
      exchange.getResponse().getHeaders().setConnection("close");
    }
    return ProblemHandler.answer(exchange.getResponse(), rejected);
  }
}
