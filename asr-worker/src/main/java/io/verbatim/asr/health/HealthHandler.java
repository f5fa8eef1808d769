package io.verbatim.asr.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.asr.call.RecognizerGate;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /health`, always 200: a platform must not kill a worker because Redis blinked.
public final class HealthHandler implements HandlerFunction<ServerResponse> {

  private record Health(
      String status,
      String service,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> problems) {}

  private final String service;
  private final Bus bus;
  private final RecognizerGate gate;

  /// @param service the name this check goes by
  public HealthHandler(String service, Bus bus, RecognizerGate gate) {
    this.service = service;
    this.bus = bus;
    this.gate = gate;
  }

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(health());
  }

  private Health health() {
    List<String> problems = new ArrayList<>();
    if (bus.health() instanceof BusHealth.Away(_, String problem)) {
      problems.add(problem);
    }
    gate.denied().ifPresent(reason -> problems.add("recogniser: refuses this service: " + reason));
    return new Health(problems.isEmpty() ? "ok" : "degraded", service, problems);
  }
}
