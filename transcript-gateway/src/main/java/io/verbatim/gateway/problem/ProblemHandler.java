package io.verbatim.gateway.problem;

import io.verbatim.gateway.view.Json;
import io.verbatim.pubsub.message.BusUnavailableException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/// Answers with problems.
public final class ProblemHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  private ProblemHandler() {}

  public static Mono<ServerResponse> respond(Problem problem) {
    return ServerResponse.status(problem.status())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .headers(headers -> addAdvice(problem, headers))
        .bodyValue(Json.bytes(problem));
  }

  /// Answers before any route is looked for.
  public static Mono<Void> write(Problem problem, ServerHttpResponse response) {
    response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
    response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    addAdvice(problem, response.getHeaders());
    byte[] body = Json.bytes(problem);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }

  private static void addAdvice(Problem problem, HttpHeaders headers) {
    switch (problem.status()) {
      case 401 -> headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
      case 429 -> headers.set(HttpHeaders.RETRY_AFTER, "1");
      case 503 -> headers.set(HttpHeaders.RETRY_AFTER, "2");
      default -> {}
    }
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
