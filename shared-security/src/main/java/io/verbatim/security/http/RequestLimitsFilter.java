package io.verbatim.security.http;

import io.verbatim.security.client.RateLimiter;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Limits the rate of requests of an address, and the size and time of their bodies. Needs the
/// [ClientFilter] before it.
///
/// A body is read before the request is handled, and a larger one is rejected; the limit is small.
/// A handler that reads the body itself also limits it. Health checks have no limit on their rate,
/// because a platform ends a service that does not answer.
public final class RequestLimitsFilter implements WebFilter {

  /// Limits of a request's body, with the sentences for a client that exceeds them.
  ///
  /// @param timeout how long a body may take to arrive
  /// @param timer runs the rejection of a slow body: the event loop, to which rejections belong
  public record BodyLimits(
      long maxBytes, String tooLarge, Duration timeout, String tooSlow, Scheduler timer) {}

  /// Counts a rejection and answers it.
  @FunctionalInterface
  public interface Rejections {
    Mono<Void> reject(ServerWebExchange exchange, Problem problem);
  }

  private final RateLimiter requests;
  private final Predicate<ServerHttpRequest> exempt;
  private final Predicate<ServerHttpRequest> readByHandler;
  private final Problem tooMany;
  private final long maxBytes;
  private final Problem tooLarge;
  private final Duration timeout;
  private final Scheduler timer;
  private final Problem tooSlow;
  private final Rejections rejections;

  /// @param requests limits the requests of an address
  /// @param exempt requests that have no limit on their rate, besides health checks
  /// @param readByHandler requests whose handler reads and limits the body
  /// @param tooMany the sentence for a client that sends too many requests
  public RequestLimitsFilter(
      RateLimiter requests,
      Predicate<ServerHttpRequest> exempt,
      Predicate<ServerHttpRequest> readByHandler,
      String tooMany,
      BodyLimits body,
      Rejections rejections) {
    this.requests = requests;
    this.exempt = exempt;
    this.readByHandler = readByHandler;
    this.tooMany = Problem.named(429, "too_many_requests", tooMany);
    this.maxBytes = body.maxBytes();
    this.tooLarge = Problem.named(413, "body_too_large", body.tooLarge());
    this.timeout = body.timeout();
    this.timer = body.timer();
    this.tooSlow = Problem.named(408, "body_too_slow", body.tooSlow());
    this.rejections = rejections;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    if (isLimited(request) && !requests.tryAcquire(Client.of(exchange.getAttributes()).address())) {
      return rejections.reject(exchange, tooMany);
    }
    if (readByHandler.test(request)) {
      exchange.getResponse().beforeCommit(() -> closeIfRejected(exchange.getResponse()));
      return chain.filter(exchange);
    }
    HttpHeaders headers = request.getHeaders();
    if (headers.getContentLength() > maxBytes) {
      return rejectAndClose(exchange, tooLarge);
    }
    boolean hasBody =
        headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    if (!hasBody) {
      return chain.filter(exchange);
    }
    var body = new ByteArrayOutputStream();
    return readBody(request, body)
        .flatMap(fault ->
            fault.isEmpty()
                ? chain.filter(withBody(exchange, body.toByteArray()))
                : rejectAndClose(exchange, fault.get()));
  }

  /// Closes the connection after a rejection, because the rest of the body may not be read.
  private static Mono<Void> closeIfRejected(ServerHttpResponse response) {
    HttpStatusCode status = response.getStatusCode();
    if (status != null && status.isError()) {
      response.getHeaders().setConnection("close");
    }
    return Mono.empty();
  }

  private boolean isLimited(ServerHttpRequest request) {
    String path = request.getPath().value();
    boolean isHealthCheck = path.equals("/health") || path.startsWith("/actuator/health");
    return !isHealthCheck && !exempt.test(request);
  }

  /// Reads the body. Emits why it is rejected, or empty if it is not.
  private Mono<Optional<Problem>> readBody(ServerHttpRequest request, ByteArrayOutputStream body) {
    return request
        .getBody()
        .map(part -> isAppended(part, body))
        .takeUntil(fits -> !fits)
        .last(true)
        .map(fits -> fits ? Optional.<Problem>empty() : Optional.of(tooLarge))
        .timeout(timeout, Mono.just(Optional.of(tooSlow)), timer);
  }

  private boolean isAppended(DataBuffer part, ByteArrayOutputStream body) {
    boolean fits = body.size() + part.readableByteCount() <= maxBytes;
    if (fits) {
      byte[] bytes = new byte[part.readableByteCount()];
      part.read(bytes);
      body.writeBytes(bytes);
    }
    DataBufferUtils.release(part);
    return fits;
  }

  /// The exchange with a body that was read already.
  private static ServerWebExchange withBody(ServerWebExchange exchange, byte[] body) {
    ServerHttpRequest read =
        new ServerHttpRequestDecorator(exchange.getRequest()) {
          @Override
          public Flux<DataBuffer> getBody() {
            return Mono.<DataBuffer>fromSupplier(
                    () -> exchange.getResponse().bufferFactory().wrap(body))
                .flux();
          }
        };
    return exchange.mutate().request(read).build();
  }

  /// Closes the connection, because the rest of the body is not read.
  private Mono<Void> rejectAndClose(ServerWebExchange exchange, Problem problem) {
    exchange.getResponse().getHeaders().setConnection("close");
    return rejections.reject(exchange, problem);
  }
}
