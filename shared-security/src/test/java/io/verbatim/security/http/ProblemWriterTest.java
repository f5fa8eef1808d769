package io.verbatim.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

class ProblemWriterTest {
  private static final List<String> CHALLENGES = List.of("Bearer", "Basic realm=\"calls\"");

  private final ProblemWriter writer =
      new ProblemWriter(_ -> "Title", CHALLENGES, Duration.ofSeconds(5));

  @Test
  void status401_namesTheWaysToAuthenticate() {
    MockServerHttpResponse response = write(Problem.named(401, "no_token", "No token."));

    assertThat(response.getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
    assertThat(response.getHeaders().getContentType())
        .isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(response.getHeaders().get(HttpHeaders.WWW_AUTHENTICATE)).isEqualTo(CHALLENGES);
    assertThat(response.getBodyAsString().block()).contains("\"code\":\"no_token\"");
  }

  @Test
  void status429And503_sayWhenToTryAgain() {
    assertThat(retryAfter(429)).isEqualTo("1");
    assertThat(retryAfter(503)).isEqualTo("5");
    assertThat(retryAfter(404)).isNull();
  }

  private @Nullable String retryAfter(int status) {
    return write(Problem.of(status, "A detail.")).getHeaders().getFirst(HttpHeaders.RETRY_AFTER);
  }

  private MockServerHttpResponse write(Problem problem) {
    MockServerHttpResponse response = new MockServerHttpResponse();
    writer.write(problem, response).block();
    return response;
  }
}
