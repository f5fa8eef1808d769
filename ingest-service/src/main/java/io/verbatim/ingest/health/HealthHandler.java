package io.verbatim.ingest.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /health`, always 200: a platform must not kill live calls because Redis blinked.
public final class HealthHandler implements HandlerFunction<ServerResponse> {

  private record Health(
      String status,
      String service,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> problems) {}

  private final String service;
  private final Bus bus;

  /// @param service the name this check goes by
  public HealthHandler(String service, Bus bus) {
    this.service = service;
    this.bus = bus;
  }

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(health());
  }

  private Health health() {
    return switch (bus.health()) {
      case BusHealth.Connected _ -> new Health("ok", service, List.of());
      case BusHealth.Away(_, String problem) -> new Health("degraded", service, List.of(problem));
    };
  }
}
