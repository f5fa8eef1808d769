package io.verbatim.gateway.json;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Responses with status 200 and JSON.
public final class JsonResponse {

  private JsonResponse() {}

  /// Encodes the view on the calling thread, so it must be short.
  public static Mono<ServerResponse> of(Object view) {
    return ofEncoded(Json.bytes(view));
  }

  public static Mono<ServerResponse> ofEncoded(byte[] json) {
    return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(json);
  }
}
