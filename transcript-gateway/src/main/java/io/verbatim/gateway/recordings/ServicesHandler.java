package io.verbatim.gateway.recordings;

import io.verbatim.batch.job.BatchTranscriptions;
import io.verbatim.batch.provider.Provider;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.json.JsonResponse;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// `GET /transcriptions`: the services whose keys are set, and what they accept.
public final class ServicesHandler implements HandlerFunction<ServerResponse> {

  /// @param maxUploadBytes of one request
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record Services(long maxUploadBytes, List<Service> services) {}

  /// @param service as in the path
  /// @param separatesSpeakers whether `diarize` has an effect
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record Service(
      String service, String title, boolean separatesSpeakers, List<String> languages) {}

  private final byte[] services;

  public ServicesHandler(BatchTranscriptions batch) {
    List<Service> all = new ArrayList<>();
    for (Provider provider : batch.providers()) {
      all.add(service(provider.wireName(), provider.title(), provider));
    }
    if (batch.providers().contains(Provider.WHISPER)) {
      all.add(service("video", "Video, by " + Provider.WHISPER.title(), Provider.WHISPER));
    }
    services = Json.bytes(new Services(batch.maxUploadBytes(), all));
  }

  private static Service service(String name, String title, Provider provider) {
    return new Service(name, title, provider.separatesSpeakers(), provider.languages());
  }

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    return JsonResponse.ofEncoded(services);
  }
}
