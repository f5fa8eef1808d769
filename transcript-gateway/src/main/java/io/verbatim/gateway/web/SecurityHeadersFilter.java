package io.verbatim.gateway.web;

import io.verbatim.security.http.Client;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Sets the security headers of every response: own scripts and styles only, no frames, no type
/// sniffing, no referrer, and HSTS if the client uses TLS.
public final class SecurityHeadersFilter implements WebFilter {

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

  private static final List<String> UNCACHED = List.of("/v1/", "/transcriptions", "/translations");

  private static final String HSTS = "max-age=31536000";

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    HEADERS.forEach(headers::set);
    if (Client.of(exchange.getAttributes()).tls()) {
      headers.set("Strict-Transport-Security", HSTS);
    }
    String path = exchange.getRequest().getPath().value();
    if (UNCACHED.stream().anyMatch(path::startsWith)) {
      headers.setCacheControl("no-store");
    }
    return chain.filter(exchange);
  }
}
