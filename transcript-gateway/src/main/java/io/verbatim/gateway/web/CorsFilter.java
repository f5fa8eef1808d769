package io.verbatim.gateway.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Allows pages of the listed origins to read with a Bearer header. Cookies are not allowed across
/// origins.
///
/// Behind a proxy the origin of our own page may have another scheme, so a request from an unlisted
/// origin is served, but without the header that a page of another site needs.
public final class CorsFilter implements WebFilter {

  private static final String ALLOWED_HEADERS = "Authorization, Last-Event-ID, x-api-key";
  private static final String ALLOWED_METHODS = "GET, POST, DELETE";

  private final Origins origins;

  public CorsFilter(Origins origins) {
    this.origins = origins;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    HttpHeaders headers = exchange.getResponse().getHeaders();
    @Nullable String origin = request.getHeaders().getFirst(HttpHeaders.ORIGIN);
    boolean allowed = origins.mayRead(origin);
    headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    if (allowed) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    if (!isPreflight(request)) {
      return chain.filter(exchange);
    }
    if (allowed) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
      headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600");
    }
    exchange.getResponse().setStatusCode(allowed ? HttpStatus.NO_CONTENT : HttpStatus.FORBIDDEN);
    return exchange.getResponse().setComplete();
  }

  private static boolean isPreflight(ServerHttpRequest request) {
    return HttpMethod.OPTIONS.equals(request.getMethod())
        && request.getHeaders().containsHeader(HttpHeaders.ORIGIN)
        && request.getHeaders().containsHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
  }
}
