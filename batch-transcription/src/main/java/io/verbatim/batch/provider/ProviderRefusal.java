package io.verbatim.batch.provider;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Reads a provider's refusal. Deepgram states `err_code` and `err_msg`, OpenAI and DeepSeek an
/// object `error` with `code` and `message`, AssemblyAI a text `error`, and Google an object
/// `error` with `message` and lists of reasons.
final class ProviderRefusal {

  private static final int MAX_READ = 16 * 1024;
  private static final Set<String> QUOTA_CODES =
      Set.of(
          "insufficient_quota",
          "billing_hard_limit_reached",
          "ASR_PAYMENT_REQUIRED",
          "dailyLimitExceeded");
  private static final Set<String> RATE_CODES =
      Set.of("rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED");
  private static final Set<String> KEY_CODES = Set.of("API_KEY_INVALID", "keyInvalid");

  private ProviderRefusal() {}

  static BatchException of(ProviderCall call, HttpResponse<byte[]> response) {
    JsonNode body = body(response.body());
    int status = response.statusCode();
    if (status == 402 || has(body, QUOTA_CODES)) {
      return new BatchException(
          FailureKind.QUOTA_EXCEEDED, call.provider() + " reports that the quota is used up.");
    }
    if (status == 429 || has(body, RATE_CODES)) {
      return new BatchException(
          FailureKind.RATE_LIMITED,
          call.provider() + " accepts no more requests at the moment.",
          retryAfter(response.headers()));
    }
    if (status == 401 || status == 403 || has(body, KEY_CODES)) {
      return new BatchException(
          FailureKind.KEY_REFUSED,
          "%s refused the key in %s.".formatted(call.provider(), call.keySetting()));
    }
    return switch (status) {
      case 408, 504 ->
          new BatchException(
              FailureKind.TIMEOUT, call.provider() + " needed too long for the request.");
      default ->
          status >= 500
              ? new BatchException(
                  FailureKind.UNAVAILABLE,
                  "%s failed with status %d.".formatted(call.provider(), status))
              : new BatchException(
                  FailureKind.REJECTED,
                  "%s rejected the request: %s".formatted(call.provider(), message(body, status)));
    };
  }

  private static JsonNode body(byte[] bytes) {
    try {
      return JsonMapper.shared().readTree(bytes, 0, Math.min(bytes.length, MAX_READ));
    } catch (JacksonException notJson) {
      return MissingNode.getInstance();
    }
  }

  /// Whether the refusal states one of these codes.
  private static boolean has(JsonNode body, Set<String> codes) {
    JsonNode error = body.path("error");
    Stream<JsonNode> reasons =
        Stream.of(error.path("errors"), error.path("details"))
            .flatMap(JsonNode::valueStream)
            .map(each -> each.path("reason"));
    return Stream.concat(
            Stream.of(error.path("code"), error.path("type"), body.path("err_code")), reasons)
        .map(node -> node.asString(""))
        .anyMatch(codes::contains);
  }

  private static String message(JsonNode body, int status) {
    return Stream.of(
            body.path("err_msg"),
            body.path("error").path("message"),
            body.path("error"),
            body.path("message"))
        .map(node -> node.asString(""))
        .filter(text -> !text.isBlank())
        .map(BatchException::quoted)
        .findFirst()
        .orElse("status " + status);
  }

  /// The delay in seconds; zero if the header is missing or a date.
  private static Duration retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(Duration.ZERO);
  }
}
