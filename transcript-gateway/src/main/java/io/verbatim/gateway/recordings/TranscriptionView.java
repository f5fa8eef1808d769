package io.verbatim.gateway.recordings;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.batch.job.TranscriptionResult;
import io.verbatim.batch.provider.TranscriptionOptions;
import io.verbatim.batch.transcript.SpokenWord;
import io.verbatim.batch.transcript.Transcription;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// The answer in the shape of the previous system, with further fields. Times are in seconds.
///
/// @param message set if no speech was recognised
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record TranscriptionView(
    String transcript,
    ProcessingInfo processingInfo,
    double confidence,
    double durationSeconds,
    @Nullable String message,
    List<Word> words) {

  private static final String SILENT = "No speech was recognised in the recording.";

  /// @param languageDetected as the provider reports it
  /// @param failedServices the services that were tried before
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ProcessingInfo(
      String service,
      String modelUsed,
      String languageRequested,
      @Nullable String languageDetected,
      boolean diarizationEnabled,
      int chunksProcessed,
      @Nullable List<FailedService> failedServices) {}

  record FailedService(String service, String error) {}

  /// @param speaker from 0
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Word(
      String word, double start, double end, double confidence, @Nullable Integer speaker) {}

  static TranscriptionView of(TranscriptionResult result) {
    Transcription transcription = result.transcription();
    TranscriptionOptions options = result.options();
    List<FailedService> failed =
        result.failed().stream()
            .map(attempt -> new FailedService(attempt.provider().wireName(), attempt.reason()))
            .toList();
    return new TranscriptionView(
        transcription.text(),
        new ProcessingInfo(
            result.provider().wireName(),
            transcription.model(),
            options.language(),
            transcription.language(),
            options.diarize(),
            transcription.chunks(),
            failed.isEmpty() ? null : failed),
        transcription.confidence(),
        transcription.length().toMillis() / 1e3,
        transcription.text().isEmpty() ? SILENT : null,
        transcription.words().map(TranscriptionView::word).toList());
  }

  private static Word word(SpokenWord word) {
    return new Word(
        word.text(), word.startMs() / 1e3, word.endMs() / 1e3, word.confidence(), word.speaker());
  }
}
