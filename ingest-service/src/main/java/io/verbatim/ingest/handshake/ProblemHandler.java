package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.AuthResult.Rejected;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// Writes a refusal as `application/problem+json`.
final class ProblemHandler {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String RETRY_AFTER_FAILURES_SECONDS = "1";
  private static final String RETRY_AFTER_SECONDS = "5";

  private ProblemHandler() {}

  static Mono<Void> answer(ServerHttpResponse response, Rejected rejected) {
    HttpStatusCode status = HttpStatus.valueOf(rejected.status());
    response.setStatusCode(status);
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (rejected.status() == HttpStatus.UNAUTHORIZED.value()) {
      headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
      headers.add(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"ingest\"");
    }
    if (rejected.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if (rejected.status() == HttpStatus.TOO_MANY_REQUESTS.value()) {
      headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_FAILURES_SECONDS);
    }
    byte[] body =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("type", "about:blank")
                .put("title", HttpStatus.valueOf(rejected.status()).getReasonPhrase())
                .put("status", rejected.status())
                .put("code", rejected.code())
                .put("detail", rejected.detail()));
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }
}
