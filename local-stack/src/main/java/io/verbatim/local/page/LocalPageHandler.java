package io.verbatim.local.page;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Stands before the gateway's routes: whoever opens the page on this machine gets its session
/// cookie, and `POST /local/play` plays the sample call. Both only under a name of this machine, so
/// that no foreign site can come by.
public final class LocalPageHandler implements WebFilter, Ordered {
  /// The gateway's session cookie.
  private static final String SESSION = "verbatim_session";

  private static final Set<String> OUR_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Supplier<String> token;
  private final Supplier<Optional<String>> play;

  /// @param token mints a token for whoever opens the page
  /// @param play plays the sample call and gives its id; empty when too many are being played
  public LocalPageHandler(Supplier<String> token, Supplier<Optional<String>> play) {
    this.token = token;
    this.play = play;
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 1;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    String path = request.getPath().value();
    if (!isOurs(request)) {
      return chain.filter(exchange);
    }
    if (HttpMethod.GET.equals(request.getMethod())
        && (path.equals("/") || path.equals("/wall") || path.startsWith("/calls/"))) {
      exchange.getResponse().addCookie(session());
    }
    return switch (path) {
      case "/local/play" ->
          HttpMethod.POST.equals(request.getMethod()) ? play(exchange) : chain.filter(exchange);
      default -> chain.filter(exchange);
    };
  }

  private Mono<Void> play(ServerWebExchange exchange) {
    return play.get()
        .map(callId -> answer(exchange, HttpStatus.ACCEPTED, json().put("callId", callId)))
        .orElseGet(() ->
            answer(
                exchange,
                HttpStatus.TOO_MANY_REQUESTS,
                json().put("detail", "Enough calls are being played; wait for one to end.")));
  }

  /// A page of another site may send here, but its origin and, after DNS rebinding, its host name
  /// tell it.
  private static boolean isOurs(ServerHttpRequest request) {
    String host = request.getHeaders().getFirst("Host");
    String origin = request.getHeaders().getOrigin();
    return host != null
        && OUR_NAMES.contains(host.replaceFirst(":\\d+$", ""))
        && (origin == null || origin.equals("http://" + host));
  }

  private ResponseCookie session() {
    return ResponseCookie.from(SESSION, token.get())
        .httpOnly(true)
        .sameSite("Strict")
        .path("/")
        .build();
  }

  private static ObjectNode json() {
    return JsonMapper.shared().createObjectNode();
  }

  private static Mono<Void> answer(ServerWebExchange exchange, HttpStatus status, ObjectNode body) {
    ServerHttpResponse response = exchange.getResponse();
    response.setStatusCode(status);
    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
  }
}
