package io.verbatim.gateway.web;

import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Puts on every answer what keeps a browser from doing more with it than our page needs: own
/// scripts and styles only, no frames, no guessing of types, no referrer; and where TLS was spoken,
/// TLS from now on.
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

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    HEADERS.forEach(headers::set);
    if (Client.of(exchange.getAttributes()).tls()) {
      headers.set("Strict-Transport-Security", HSTS);
    }
    if (exchange.getRequest().getPath().value().startsWith("/v1/")) {
      headers.setCacheControl("no-store");
    }
    return chain.filter(exchange);
  }
}
