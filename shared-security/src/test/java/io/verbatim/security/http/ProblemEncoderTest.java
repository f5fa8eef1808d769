package io.verbatim.security.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemEncoderTest {
  private final ProblemEncoder encoder = new ProblemEncoder(status -> "Title of " + status);

  @Test
  void problemWithCode_hasFiveFieldsInOrder() {
    assertThat(json(Problem.named(401, "no_token", "No token.")))
        .isEqualTo(
            """
            {"type":"about:blank","title":"Title of 401","status":401,"code":"no_token",\
            "detail":"No token."}\
            """);
  }

  @Test
  void problemWithoutCode_hasNone() {
    assertThat(json(Problem.of(404, "No call.")))
        .isEqualTo(
            """
            {"type":"about:blank","title":"Title of 404","status":404,"detail":"No call."}\
            """);
  }

  @Test
  void invalidParameter_isNamedLast() {
    assertThat(json(Problem.parameter("limit", "x", "a number")))
        .isEqualTo(
            """
            {"type":"about:blank","title":"Title of 400","status":400,\
            "detail":"The parameter limit=\\"x\\" is invalid. Use a number.",\
            "parameter":"limit"}\
            """);
  }

  @Test
  void longValue_isCut() {
    assertThat(Problem.parameter("limit", "x".repeat(100), "a number").detail())
        .contains("\"" + "x".repeat(60) + "…\"");
  }

  @Test
  void unpairedSurrogate_becomesQuestionMark() {
    assertThat(json(Problem.of(404, "a\ud800b"))).contains("\"a?b\"");
  }

  private String json(Problem problem) {
    return new String(encoder.encode(problem), UTF_8);
  }
}
