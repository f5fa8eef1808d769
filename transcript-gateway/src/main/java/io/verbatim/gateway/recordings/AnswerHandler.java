package io.verbatim.gateway.recordings;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.job.TranscriptionResult;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.export.TranscriptFormat;
import io.verbatim.gateway.json.JsonResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Answers the transcript of a recording: in the shape of the previous system, or in one of the
/// formats of live calls.
public final class AnswerHandler {

  private final InstantSource clock;

  public AnswerHandler(InstantSource clock) {
    this.clock = clock;
  }

  /// Answers a result.
  ///
  /// @param id of the recording, for the documents
  Mono<ServerResponse> respond(ServerRequest request, String id, TranscriptionResult result) {
    Optional<TranscriptFormat> format = format(request);
    if (format.isEmpty()) {
      return JsonResponse.of(TranscriptionView.of(result));
    }
    @Nullable String tenant = AccessHandler.viewer(request).tenant();
    String document =
        RecordingDocument.write(
            format.get(), id, tenant == null ? "none" : tenant, clock.instant(), result);
    return ServerResponse.ok()
        .contentType(
            new MediaType(
                MediaType.parseMediaType(format.get().mediaType()), StandardCharsets.UTF_8))
        .bodyValue(document.getBytes(StandardCharsets.UTF_8));
  }

  /// Checks `?format=` before the upload is read.
  ///
  /// @throws BatchException if it is none of the formats
  static void checkFormat(ServerRequest request) {
    var _ = format(request);
  }

  /// The document format in `?format=`; empty for the answer of the previous system.
  ///
  /// @throws BatchException if it is none of the formats
  private static Optional<TranscriptFormat> format(ServerRequest request) {
    Optional<String> name = request.queryParam("format");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<TranscriptFormat> format =
        TranscriptFormat.named(name.get()).filter(known -> known != TranscriptFormat.SSE);
    if (format.isEmpty()) {
      throw new BatchException(
          FailureKind.INVALID_FIELD, "format is invalid. Use json, txt, vtt or srt.");
    }
    return format;
  }
}
