package io.verbatim.ingest.handshake;

import io.verbatim.security.http.Problem;
import io.verbatim.security.http.ProblemWriter;
import io.verbatim.security.http.RequestLimitsFilter;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Logs, counts and answers rejected handshakes and requests. Confined to the event loop.
public final class RejectionHandler implements RequestLimitsFilter.Rejections {
  private static final ProblemWriter WRITER =
      new ProblemWriter(
          status -> HttpStatus.valueOf(status).getReasonPhrase(),
          List.of("Bearer", "Basic realm=\"ingest\""),
          Duration.ofSeconds(5));

  private final RejectionLog log;

  public RejectionHandler(RejectionLog log) {
    this.log = log;
  }

  /// Logs and counts a rejection that is answered elsewhere.
  public void record(Problem problem) {
    log.record(problem);
  }

  @Override
  public Mono<Void> reject(ServerWebExchange exchange, Problem problem) {
    log.record(problem);
    return WRITER.write(problem, exchange.getResponse());
  }
}
