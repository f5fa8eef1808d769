package io.verbatim.gateway.web;

import io.verbatim.tokens.client.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Notes with every request who its client is. What a proxy says of it is believed only of trusted
/// ones, for anybody can write a header.
public final class ClientHandler implements WebFilter {

  private static final InetAddress UNKNOWN = InetAddress.ofLiteral("0.0.0.0");

  private final TrustedProxies proxies;

  public ClientHandler(TrustedProxies proxies) {
    this.proxies = proxies;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    client(exchange.getRequest()).noteIn(exchange.getAttributes());
    return chain.filter(exchange);
  }

  private Client client(ServerHttpRequest request) {
    InetSocketAddress remote = request.getRemoteAddress();
    InetAddress peer =
        remote == null || remote.getAddress() == null ? UNKNOWN : remote.getAddress();
    List<String> forwardedFor = request.getHeaders().getOrDefault("X-Forwarded-For", List.of());
    return new Client(proxies.caller(peer, forwardedFor).orElse(peer), isTls(request, peer));
  }

  private boolean isTls(ServerHttpRequest request, InetAddress peer) {
    return "https".equals(request.getURI().getScheme())
        || (proxies.trusts(peer)
            && "https".equalsIgnoreCase(request.getHeaders().getFirst("X-Forwarded-Proto")));
  }
}
