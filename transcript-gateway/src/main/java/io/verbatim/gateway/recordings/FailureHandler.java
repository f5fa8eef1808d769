package io.verbatim.gateway.recordings;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.provider.Provider;
import io.verbatim.gateway.json.Json;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Answers failures as the previous system did: `{"error":"Deepgram transcription failed: …"}`,
/// with the status of the failure.
public final class FailureHandler {

  private static final Logger logger = LoggerFactory.getLogger(FailureHandler.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private record Failure(String error) {}

  private FailureHandler() {}

  /// The failure of a request, as one that has a sentence for the client.
  public static BatchException known(Throwable failure, ServerRequest request) {
    return switch (failure) {
      case BatchException known -> known;
      case CompletionException wrapped when wrapped.getCause() != null ->
          known(wrapped.getCause(), request);
      default -> {
        logger.error("request.failed path=\"{}\"", request.path(), failure);
        yield new BatchException(
            FailureKind.INTERNAL, "The gateway failed. Its log has the details.");
      }
    };
  }

  /// The beginning of a failure's sentence.
  ///
  /// @param service as in the path
  static String subject(String service) {
    String title = Provider.named(service).map(Provider::title).orElse("Video");
    return title + " transcription failed";
  }

  /// Answers a failure.
  ///
  /// @param subject such as `Deepgram transcription failed`
  public static Mono<ServerResponse> respond(String subject, BatchException failure) {
    ServerResponse.BodyBuilder answer =
        ServerResponse.status(status(failure.kind())).contentType(MediaType.APPLICATION_JSON);
    if (status(failure.kind()) == 503) {
      Duration delay = failure.retryAfter().isPositive() ? failure.retryAfter() : RETRY_AFTER;
      answer.header(HttpHeaders.RETRY_AFTER, Long.toString(delay.toSeconds()));
    }
    return answer.bodyValue(Json.bytes(new Failure(subject + ": " + failure.sentence())));
  }

  /// The outcome for counters.
  public static String outcome(BatchException failure) {
    return switch (failure.kind()) {
      case BUSY -> "busy";
      case CANCELLED -> "cancelled";
      default -> status(failure.kind()) < 500 ? "refused" : "failed";
    };
  }

  private static int status(FailureKind kind) {
    return switch (kind) {
      case INVALID_FIELD, TOO_SHORT, REJECTED -> 400;
      case UPLOAD_STALLED -> 408;
      case TOO_LARGE -> 413;
      case UNSUPPORTED_FORMAT, UNREADABLE, FFMPEG_MISSING -> 415;
      case INTERNAL -> 500;
      case KEY_REFUSED, QUOTA_EXCEEDED, UNAVAILABLE -> 502;
      case BUSY, KEY_MISSING, RATE_LIMITED, CANCELLED -> 503;
      case TIMEOUT -> 504;
      case DISK_FULL -> 507;
    };
  }
}
