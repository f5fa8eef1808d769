package io.verbatim.gateway.web;

import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Puts on every answer what keeps a browser from doing more with it than our page needs: own
/// scripts and styles only, no frames, no guessing of types, no referrer.
public final class SecurityHeadersHandler implements WebFilter {

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
              + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), microphone=(), geolocation=()");

  private static final String HSTS = "max-age=31536000";

  private final boolean tls;

  /// Adds the demand for TLS only where we speak it.
  ///
  /// @param tls whether this server itself speaks TLS
  public SecurityHeadersHandler(boolean tls) {
    this.tls = tls;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    HEADERS.forEach(headers::set);
    if (tls) {
      headers.set("Strict-Transport-Security", HSTS);
    }
    if (exchange.getRequest().getPath().value().startsWith("/v1/")) {
      headers.setCacheControl("no-store");
    }
    return chain.filter(exchange);
  }
}
