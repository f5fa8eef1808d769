package io.verbatim.gateway.deadletter;

import io.verbatim.gateway.json.JsonResponse;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.message.DeadLetter;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.security.http.Problem;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `/v1/dead-letters` and `/v1/dead-letters/{id}`: lists, shows and deletes dead letters.
public final class DeadLetterHandler {

  private record DeadLetterList(List<DeadLetter> deadLetters) {}

  private record Deleted(long deleted) {}

  private final DeadLetters deadLetters;

  public DeadLetterHandler(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  public Mono<ServerResponse> list(ServerRequest request) {
    return Mono.fromCompletionStage(deadLetters::list)
        .flatMap(all -> JsonResponse.of(new DeadLetterList(all)));
  }

  public Mono<ServerResponse> one(ServerRequest request) {
    String id = request.pathVariable("id");
    return Mono.fromCompletionStage(deadLetters::list)
        .flatMap(all ->
            all.stream()
                .filter(letter -> letter.id().equals(id))
                .findFirst()
                .map(JsonResponse::of)
                .orElseGet(() -> deleted(false)));
  }

  public Mono<ServerResponse> deleteAll(ServerRequest request) {
    return Mono.fromCompletionStage(deadLetters::deleteAll)
        .flatMap(count -> JsonResponse.of(new Deleted(count)));
  }

  public Mono<ServerResponse> delete(ServerRequest request) {
    String id = request.pathVariable("id");
    return EntryId.tryParse(id).isPresent()
        ? Mono.fromCompletionStage(() -> deadLetters.delete(id)).flatMap(DeadLetterHandler::deleted)
        : deleted(false);
  }

  private static Mono<ServerResponse> deleted(boolean existed) {
    return existed
        ? ServerResponse.noContent().build()
        : ProblemHandler.respond(Problem.of(404, "No dead letter has this id."));
  }
}
