package io.verbatim.gateway.web;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.tokens.client.AddressAllowance;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Bounds what a client may ask in a second, and how much it may send along.
///
/// No request here needs a body, so one is read away up to the limit and then refused. Health is
/// answered however often it is asked: a platform that hears nothing ends the service.
public final class RequestLimitsHandler implements WebFilter {

  private static final Problem TOO_MANY =
      Problem.named(429, "too_many_requests", "Too many requests come from your address.");
  private static final Problem TOO_LARGE =
      Problem.named(413, "body_too_large", "The request's body is larger than any here may be.");

  private final AddressAllowance requests;
  private final long mostBytes;
  private final GatewayMetrics metrics;

  /// @param requests how many requests an address may make
  /// @param mostBytes of a request's body
  public RequestLimitsHandler(AddressAllowance requests, long mostBytes, GatewayMetrics metrics) {
    this.requests = requests;
    this.mostBytes = mostBytes;
    this.metrics = metrics;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    if (!isHealth(request) && !requests.take(Client.of(exchange.getAttributes()).address())) {
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
            .flatMap(fits -> fits ? chain.filter(exchange) : refuse(exchange, TOO_LARGE))
        : chain.filter(exchange);
  }

  private Mono<Boolean> readAway(ServerHttpRequest request) {
    AtomicLong read = new AtomicLong();
    return request
        .getBody()
        .map(part -> read.addAndGet(sizeOf(part)) <= mostBytes)
        .takeUntil(fits -> !fits)
        .last(true);
  }

  private static int sizeOf(DataBuffer part) {
    int size = part.readableByteCount();
    DataBufferUtils.release(part);
    return size;
  }

  private Mono<Void> refuse(ServerWebExchange exchange, Problem problem) {
    metrics.refused(problem.status(), String.valueOf(problem.code()));
    if (problem.status() == TOO_LARGE.status()) {
      exchange.getResponse().getHeaders().setConnection("close");
    }
    return ProblemHandler.write(problem, exchange.getResponse());
  }

  private static boolean isHealth(ServerHttpRequest request) {
    String path = request.getPath().value();
    return path.equals("/health")
        || path.equals("/api/health")
        || path.startsWith("/actuator/health");
  }
}
