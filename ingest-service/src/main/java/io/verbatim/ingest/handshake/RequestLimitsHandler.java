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

/// Bounds how often an address may ask by plain HTTP, and how much it may send along.
///
/// Sockets are not bounded here: a caller with the right proof is let in whoever shares its
/// address, and the others have a bound of their own. Health is answered however often it is asked.
public final class RequestLimitsHandler implements WebFilter {
  private static final Rejected TOO_MANY =
      new Rejected(429, "too_many_requests", "Too many requests come from your address.");
  private static final Rejected TOO_LARGE =
      new Rejected(413, "body_too_large", "The request's body is larger than any here may be.");

  private static final Rejected TOO_SLOW =
      new Rejected(408, "body_too_slow", "The request's body did not come in time.");

  private final AddressAllowance requests;
  private final TrustedProxies proxies;
  private final long mostBytes;
  private final Duration patience;
  private final Refusals refusals;

  /// @param requests how many requests an address may make
  /// @param mostBytes of a request's body
  /// @param patience how long a body may take
  public RequestLimitsHandler(
      AddressAllowance requests,
      TrustedProxies proxies,
      long mostBytes,
      Duration patience,
      Refusals refusals) {
    this.requests = requests;
    this.proxies = proxies;
    this.mostBytes = mostBytes;
    this.patience = patience;
    this.refusals = refusals;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    Handshake handshake = HandshakeHandler.handshake(request);
    if (isBounded(handshake, request) && !requests.take(handshake.client(proxies))) {
      return refuse(exchange, TOO_MANY);
    }
    HttpHeaders headers = request.getHeaders();
    if (headers.getContentLength() > mostBytes) {
      return refuse(exchange, TOO_LARGE);
    }
    boolean hasBody =
        headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    return hasBody
        ? readAway(request)
            .flatMap(
                wrong -> wrong.isEmpty() ? chain.filter(exchange) : refuse(exchange, wrong.get()))
        : chain.filter(exchange);
  }

  private static boolean isBounded(Handshake handshake, ServerHttpRequest request) {
    String path = request.getPath().value();
    return !handshake.upgrade() && !path.equals("/health") && !path.startsWith("/actuator/health");
  }

  /// Nothing here needs a body. Answers what is wrong with this one, if anything.
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

  private Mono<Void> refuse(ServerWebExchange exchange, Rejected rejected) {
    refusals.note(rejected);
    if (!rejected.equals(TOO_MANY)) {
      exchange.getResponse().getHeaders().setConnection("close");
    }
    return ProblemHandler.answer(exchange.getResponse(), rejected);
  }
}
