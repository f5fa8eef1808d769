package io.verbatim.local.follow;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Waits for calls to end by polling the gateway, which uses none of its watcher slots.
/// Thread-safe.
public final class CallFollower {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

  private final URI gateway;
  private final Supplier<String> token;
  private final HttpClient client = HttpClient.create();

  /// @param token creates the bearer token for each request
  public CallFollower(URI gateway, Supplier<String> token) {
    this.gateway = gateway;
    this.token = token;
  }

  /// Cold; emits when the call has ended. Fails if it has not ended within `timeout`. Failed
  /// requests are retried.
  public Mono<EndedCall> ended(String callId, Duration timeout) {
    return get("/v1/calls/" + callId + "/transcript?format=json")
        .map(document -> read(callId, document))
        .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, POLL_INTERVAL))
        .timeout(timeout);
  }

  private Mono<JsonNode> get(String path) {
    return client
        .headers(headers -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token.get()))
        .get()
        .uri(gateway.resolve(path))
        .responseSingle((response, body) -> body.asString())
        .map(JsonMapper.shared()::readTree);
  }

  private static EndedCall read(String callId, JsonNode document) {
    List<String> finals = new ArrayList<>();
    long gapMs = 0;
    for (JsonNode entry : document.path("entries")) {
      switch (entry.path("type").asString("")) {
        case "final" -> finals.add(entry.path("text").asString(""));
        case "gap" -> gapMs += entry.path("endMs").asLong() - entry.path("startMs").asLong();
        case "ended" -> {
          return new EndedCall(callId, finals, entry.path("complete").asBoolean(), gapMs);
        }
        default -> {} // unknown types of newer gateways are ignored
      }
    }
    throw new NotYetEndedException();
  }

  private static final class NotYetEndedException extends RuntimeException {
    NotYetEndedException() {
      super("the call is still live", null, false, false);
    }
  }
}
