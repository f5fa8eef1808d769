package io.verbatim.gateway.problem;

import io.verbatim.gateway.view.Json;
import io.verbatim.pubsub.message.BusUnavailableException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/// Answers with problems.
public final class ProblemHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  private ProblemHandler() {}

  public static Mono<ServerResponse> respond(Problem problem) {
    ServerResponse.BodyBuilder response =
        ServerResponse.status(problem.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.status() == 401) {
      response.header("WWW-Authenticate", "Bearer");
    }
    if (problem.status() == 503) {
      response.header("Retry-After", "2");
    }
    return response.bodyValue(Json.bytes(problem));
  }

  /// The last resort of every route: no failure leaves as a stack trace.
  public static Mono<ServerResponse> failed(Throwable failure, ServerRequest request) {
    return switch (failure) {
      case ProblemException known -> respond(known.problem());
      case CompletionException wrapped when wrapped.getCause() != null ->
          failed(wrapped.getCause(), request);
      case BusUnavailableException _ ->
          respond(Problem.of(503, "The transcript log cannot be reached at the moment."));
      case ResponseStatusException refused ->
          respond(Problem.of(refused.getStatusCode().value(), "The request cannot be understood."));
      default -> {
        log.error("request.failed path=\"{}\"", request.path(), failure);
        yield respond(Problem.of(500, "The gateway failed; its log says why."));
      }
    };
  }

  /// Where no route leads.
  public static Mono<ServerResponse> nothingHere(ServerRequest request) {
    return respond(Problem.of(404, "There is nothing at " + request.method() + " of this path."));
  }
}
