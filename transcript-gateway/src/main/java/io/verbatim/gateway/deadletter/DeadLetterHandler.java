package io.verbatim.gateway.deadletter;

import io.verbatim.gateway.hub.EntryIds;
import io.verbatim.gateway.problem.Problem;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.gateway.view.Json;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.message.DeadLetter;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/dead-letters` and `DELETE /v1/dead-letters/{id}`.
public final class DeadLetterHandler {

  private record Letters(List<DeadLetter> deadLetters) {}

  private final DeadLetters letters;

  public DeadLetterHandler(DeadLetters letters) {
    this.letters = letters;
  }

  public Mono<ServerResponse> list(ServerRequest request) {
    return Mono.fromCompletionStage(letters::list)
        .flatMap(all ->
            ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Json.bytes(new Letters(all))));
  }

  public Mono<ServerResponse> delete(ServerRequest request) {
    String id = request.pathVariable("id");
    return EntryIds.isValid(id)
        ? Mono.fromCompletionStage(() -> letters.delete(id)).flatMap(DeadLetterHandler::deleted)
        : deleted(false);
  }

  private static Mono<ServerResponse> deleted(boolean existed) {
    return existed
        ? ServerResponse.noContent().build()
        : ProblemHandler.respond(Problem.of(404, "There is no such dead letter."));
  }
}
