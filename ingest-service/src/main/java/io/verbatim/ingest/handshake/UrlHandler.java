package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.auth.Caller.Proof;
import io.verbatim.ingest.auth.Handshake;
import io.verbatim.security.client.TrustedProxies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// Answers a request without an upgrade with `{"url":"wss://…"}`, to which Exotel then connects.
///
/// The host is `PUBLIC_URL`, else the one that trusted proxies forward, else the `Host` header.
public final class UrlHandler implements HandshakeHandler.PlainRequests {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,255}");
  private static final List<String> AUDIO_PARAMETERS =
      List.of("sample-rate", "sample_rate", "lang", "language");
  private static final int MAX_PARAMETER_CHARS = 32;

  private final Optional<String> publicUrl;
  private final TrustedProxies proxies;

  /// @param publicUrl `https://host` or `wss://host`, without `/v1/ingest`
  public UrlHandler(Optional<String> publicUrl, TrustedProxies proxies) {
    this.publicUrl = publicUrl;
    this.proxies = proxies;
  }

  @Override
  public Mono<Void> answer(ServerWebExchange exchange, Handshake handshake, Caller caller) {
    Optional<Proof> proof =
        caller instanceof Caller.Exotel(Proof used) ? Optional.of(used) : Optional.empty();
    ServerHttpRequest request = exchange.getRequest();
    String url = SocketUrl.of(base(request, handshake), handshake, proof, audioParameters(request));
    byte[] body = JSON.writeValueAsBytes(Map.of("url", url));
    HttpHeaders headers = exchange.getResponse().getHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.setCacheControl("no-store");
    return exchange
        .getResponse()
        .writeWith(Mono.fromSupplier(() -> exchange.getResponse().bufferFactory().wrap(body)));
  }

  private String base(ServerHttpRequest request, Handshake handshake) {
    if (publicUrl.isPresent()) {
      return publicUrl.get().replaceFirst("^http", "ws").replaceFirst("/+$", "");
    }
    HttpHeaders headers = request.getHeaders();
    boolean forwarded = proxies.trusts(handshake.peer());
    String scheme = request.getURI().getScheme();
    String host = String.valueOf(headers.getFirst(HttpHeaders.HOST));
    if (forwarded) {
      scheme = first(headers.getFirst("X-Forwarded-Proto")).orElse(scheme);
      host = first(headers.getFirst("X-Forwarded-Host")).orElse(host);
    }
    boolean secure = "https".equals(scheme) || "wss".equals(scheme);
    return (secure ? "wss://" : "ws://") + (HOST.matcher(host).matches() ? host : "localhost");
  }

  private static Optional<String> first(@Nullable String header) {
    return Optional.ofNullable(header)
        .map(values -> values.split(",", -1)[0].strip())
        .filter(value -> !value.isEmpty());
  }

  private static Map<String, String> audioParameters(ServerHttpRequest request) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String name : AUDIO_PARAMETERS) {
      String value = request.getQueryParams().getFirst(name);
      if (value != null && !value.isBlank() && value.length() <= MAX_PARAMETER_CHARS) {
        parameters.put(name, value);
      }
    }
    return parameters;
  }
}
