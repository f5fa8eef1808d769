package io.verbatim.batch.deepgram;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of the answer that are used. Times are in seconds.
record ListenAnswer(@Nullable Metadata metadata, @Nullable Results results) {

  record Metadata(double duration) {}

  record Results(@Nullable List<Channel> channels, @Nullable List<Spoken> utterances) {}

  record Channel(
      @Nullable List<Alternative> alternatives,
      @JsonProperty("detected_language") @Nullable String detectedLanguage) {}

  record Alternative(@Nullable String transcript, double confidence) {}

  record Spoken(
      double start,
      double end,
      double confidence,
      @Nullable String transcript,
      @Nullable Integer speaker,
      @Nullable List<Word> words) {}

  record Word(
      @Nullable String word,
      @JsonProperty("punctuated_word") @Nullable String punctuatedWord,
      double start,
      double end,
      double confidence,
      @Nullable Integer speaker) {}
}
