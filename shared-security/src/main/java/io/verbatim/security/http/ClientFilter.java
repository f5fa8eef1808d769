package io.verbatim.security.http;

import io.verbatim.security.client.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Stores the [Client] of every request in its attributes. Forwarded headers are used only from
/// trusted proxies, because any client can send them.
public final class ClientFilter implements WebFilter {

  private static final InetAddress UNKNOWN = InetAddress.ofLiteral("0.0.0.0");

  private final TrustedProxies proxies;

  public ClientFilter(TrustedProxies proxies) {
    this.proxies = proxies;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    client(exchange.getRequest()).storeIn(exchange.getAttributes());
    return chain.filter(exchange);
  }

  private Client client(ServerHttpRequest request) {
    InetSocketAddress remote = request.getRemoteAddress();
    InetAddress peer =
        remote == null || remote.getAddress() == null ? UNKNOWN : remote.getAddress();
    HttpHeaders headers = request.getHeaders();
    return new Client(
        proxies.caller(peer, name -> headers.getOrDefault(name, List.of())).orElse(peer),
        isTls(request, peer));
  }

  private boolean isTls(ServerHttpRequest request, InetAddress peer) {
    return "https".equals(request.getURI().getScheme())
        || (proxies.trusts(peer)
            && "https".equalsIgnoreCase(request.getHeaders().getFirst("X-Forwarded-Proto")));
  }
}
