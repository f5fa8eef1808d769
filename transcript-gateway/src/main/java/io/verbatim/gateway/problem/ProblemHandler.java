package io.verbatim.gateway.problem;

import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.record.database.DatabaseUnavailableException;
import io.verbatim.security.http.Problem;
import io.verbatim.security.http.ProblemWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/// Sends problems as responses.
public final class ProblemHandler {

  private static final Logger logger = LoggerFactory.getLogger(ProblemHandler.class);
  private static final ProblemWriter WRITER =
      new ProblemWriter(ProblemHandler::title, List.of("Bearer"), Duration.ofSeconds(2));

  private ProblemHandler() {}

  public static Mono<ServerResponse> respond(Problem problem) {
    return WRITER.respond(problem);
  }

  /// Sends a problem before the request is routed.
  public static Mono<Void> write(Problem problem, ServerHttpResponse response) {
    return WRITER.write(problem, response);
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad request";
      case 401 -> "Not signed in";
      case 403 -> "Not allowed";
      case 404 -> "Not found";
      case 406 -> "Not acceptable";
      case 413 -> "Too large";
      case 429 -> "Too many requests";
      case 503 -> "Not available at the moment";
      default -> "Failed";
    };
  }

  /// Handles every failure of a route, so that no stack trace is sent.
  public static Mono<ServerResponse> failed(Throwable failure, ServerRequest request) {
    return switch (failure) {
      case ProblemException known -> respond(known.problem());
      case CompletionException wrapped when wrapped.getCause() != null ->
          failed(wrapped.getCause(), request);
      case BusUnavailableException _ ->
          respond(
              Problem.of(
                  503, "The transcript log is not available at the moment. Try again later."));
      case DatabaseUnavailableException _ ->
          respond(Problem.of(503, "The archive is not available at the moment. Try again later."));
      case ResponseStatusException refused ->
          respond(Problem.of(refused.getStatusCode().value(), "The request is malformed."));
      default -> {
        logger.error("request.failed path=\"{}\"", request.path(), failure);
        yield respond(Problem.of(500, "The gateway failed. Its log has the details."));
      }
    };
  }

  /// Responds to a request that has no route.
  public static Mono<ServerResponse> notFound(ServerRequest request) {
    String path = Problem.shown(request.path());
    return respond(Problem.of(404, "No resource at " + request.method() + " " + path + "."));
  }
}
