package io.verbatim.batch.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of a completion that are used.
record ChatAnswer(@Nullable List<Choice> choices) {

  /// @param finishReason `stop`; `length` if the answer was cut; `content_filter`
  record Choice(
      @Nullable Message message, @JsonProperty("finish_reason") @Nullable String finishReason) {}

  record Message(@Nullable String content) {}

  /// What the model answers.
  record Translation(
      @Nullable String translation, @JsonProperty("source_language") @Nullable String language) {}
}
