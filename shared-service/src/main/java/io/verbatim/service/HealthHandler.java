package io.verbatim.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /health`, always 200: a platform must not kill live calls because Redis is briefly away.
/// Reads local state only: no I/O, no side effect, always fast.
public final class HealthHandler implements HandlerFunction<ServerResponse> {

  private record Health(
      String status,
      String service,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> problems) {}

  private final String service;
  private final Bus bus;
  private final Supplier<List<String>> problems;

  /// @param service the service's name in the response
  public HealthHandler(String service, Bus bus) {
    this(service, bus, List::of);
  }

  /// @param problems returns the service's problems beside those of the bus
  public HealthHandler(String service, Bus bus, Supplier<List<String>> problems) {
    this.service = service;
    this.bus = bus;
    this.problems = problems;
  }

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(health());
  }

  private Health health() {
    List<String> all = new ArrayList<>();
    switch (bus.health()) {
      case BusHealth.Connected _ -> {}
      case BusHealth.Degraded(String problem) -> all.add(problem);
      case BusHealth.Away(_, String problem) -> all.add(problem);
    }
    all.addAll(problems.get());
    return new Health(all.isEmpty() ? "ok" : "degraded", service, all);
  }
}
