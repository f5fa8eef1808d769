package io.verbatim.batch.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of `verbose_json` that are used. Times are in seconds from the start of the part.
record VerboseAnswer(
    @Nullable String text,
    @Nullable String language,
    double duration,
    @Nullable List<Segment> segments,
    @Nullable List<Word> words) {

  /// @param logProbability the mean logarithm of the probability of its tokens
  record Segment(
      double start,
      double end,
      @Nullable String text,
      @JsonProperty("avg_logprob") double logProbability) {}

  record Word(@Nullable String word, double start, double end) {}
}
