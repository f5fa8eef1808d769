package io.verbatim.gateway.translations;

import io.verbatim.batch.translation.Translations;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.json.JsonResponse;
import java.util.List;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /translations`: the services whose keys are set.
public final class TranslatorsHandler implements HandlerFunction<ServerResponse> {

  private record Services(List<Service> services) {}

  /// @param service as in the path
  private record Service(String service, String title) {}

  private final byte[] services;

  public TranslatorsHandler(Translations translations) {
    services =
        Json.bytes(
            new Services(
                translations.providers().stream()
                    .map(provider -> new Service(provider.wireName(), provider.title()))
                    .toList()));
  }

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    return JsonResponse.ofEncoded(services);
  }
}
