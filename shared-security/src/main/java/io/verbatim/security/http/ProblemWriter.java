package io.verbatim.security.http;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Writes problems as responses, with the headers for the client's next step.
public final class ProblemWriter {
  private static final String RETRY_AFTER_LIMIT_SECONDS = "1";

  private final ProblemEncoder encoder;
  private final List<String> challenges;
  private final String retryAfterSeconds;

  /// @param titles the title of each status
  /// @param challenges the `WWW-Authenticate` headers of 401
  /// @param retryAfter when to try again after 503
  public ProblemWriter(IntFunction<String> titles, List<String> challenges, Duration retryAfter) {
    this.encoder = new ProblemEncoder(titles);
    this.challenges = List.copyOf(challenges);
    this.retryAfterSeconds = Long.toString(retryAfter.toSeconds());
  }

  /// Responds to a request that has a route.
  public Mono<ServerResponse> respond(Problem problem) {
    return ServerResponse.status(problem.status())
        .headers(headers -> addHeaders(problem, headers))
        .bodyValue(encoder.encode(problem));
  }

  /// Responds before the request is routed.
  public Mono<Void> write(Problem problem, ServerHttpResponse response) {
    response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
    addHeaders(problem, response.getHeaders());
    byte[] body = encoder.encode(problem);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }

  private void addHeaders(Problem problem, HttpHeaders headers) {
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    switch (problem.status()) {
      case 401 -> headers.put(HttpHeaders.WWW_AUTHENTICATE, challenges);
      case 429 -> headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_LIMIT_SECONDS);
      case 503 -> headers.set(HttpHeaders.RETRY_AFTER, retryAfterSeconds);
      default -> {}
    }
  }
}
