package io.verbatim.batch.assemblyai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of the answer that are used. Times of words are in milliseconds.
///
/// @param status `queued`, `processing`, `completed` or `error`
/// @param audioDuration in seconds
record TranscriptAnswer(
    @Nullable String id,
    @Nullable String status,
    @Nullable String error,
    @Nullable String text,
    @Nullable Double confidence,
    @JsonProperty("audio_duration") @Nullable Double audioDuration,
    @JsonProperty("language_code") @Nullable String languageCode,
    @Nullable List<Word> words) {

  /// @param speaker a capital letter; null without speaker separation
  record Word(
      @Nullable String text, long start, long end, double confidence, @Nullable String speaker) {}
}
