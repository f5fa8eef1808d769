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

/// Runs before the gateway's routes: sets the session cookie for a browser that opens the page on
/// this machine, plays the sample call on `POST /local/play`, and serves it as a file at
/// `/local/sample-call.wav`. All require a host name of this machine, so that other sites cannot
/// use them.
public final class LocalPageHandler implements WebFilter, Ordered {
  /// The gateway's session cookie.
  private static final String SESSION = "verbatim_session";

  private static final Set<String> PAGES = Set.of("/", "/wall", "/recordings");
  private static final MediaType WAV = MediaType.parseMediaType("audio/wav");
  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Supplier<String> token;
  private final Supplier<Optional<String>> play;
  private final byte[] sampleCall;

  /// @param token creates a token for each page load
  /// @param play plays the sample call and returns its id; empty at the limit of played calls
  /// @param sampleCall as a WAV file
  public LocalPageHandler(
      Supplier<String> token, Supplier<Optional<String>> play, byte[] sampleCall) {
    this.token = token;
    this.play = play;
    this.sampleCall = sampleCall;
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 1;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    String path = request.getPath().value();
    if (!isLocal(request)) {
      return chain.filter(exchange);
    }
    if (HttpMethod.GET.equals(request.getMethod())
        && (PAGES.contains(path) || path.startsWith("/calls/"))) {
      exchange.getResponse().addCookie(session());
    }
    return switch (path) {
      case "/local/play" ->
          HttpMethod.POST.equals(request.getMethod()) ? play(exchange) : chain.filter(exchange);
      case "/local/sample-call.wav" -> answer(exchange, HttpStatus.OK, WAV, sampleCall);
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
                json()
                    .put(
                        "detail",
                        "The limit of played calls is reached. Wait for a call to end.")));
  }

  /// Rejects requests of other sites by their origin, and by their host name in case of DNS
  /// rebinding.
  private static boolean isLocal(ServerHttpRequest request) {
    String host = request.getHeaders().getFirst("Host");
    String origin = request.getHeaders().getOrigin();
    return host != null
        && LOCAL_NAMES.contains(host.replaceFirst(":\\d+$", ""))
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
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return answer(exchange, status, MediaType.APPLICATION_JSON, bytes);
  }

  private static Mono<Void> answer(
      ServerWebExchange exchange, HttpStatus status, MediaType type, byte[] bytes) {
    ServerHttpResponse response = exchange.getResponse();
    response.setStatusCode(status);
    response.getHeaders().setContentType(type);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
  }
}
