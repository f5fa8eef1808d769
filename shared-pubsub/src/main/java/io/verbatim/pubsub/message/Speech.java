package io.verbatim.pubsub.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Words somebody said, in the call's own time: the body of finals and interims.
///
/// @param segment stable from the first interim to the final
/// @param startMs milliseconds from the call's first sample
/// @param confidence 0 to 1
/// @param speaker the recogniser's number for the voice, where it tells voices apart
/// @param channel 0, or 1 in a call of two channels
/// @param language what the recogniser heard, where it says so
/// @param recognizer who heard it, such as `nova-3` or `simulated`
/// @param latencyMs from the arrival of its last audio at ingest to the moment it was written
/// @param recognizerMs how much of that the recogniser took
/// @param unconfirmed true where the recogniser never made these words final
public record Speech(
    String segment,
    long startMs,
    long endMs,
    String text,
    double confidence,
    @Nullable Integer speaker,
    int channel,
    @Nullable String language,
    List<Word> words,
    String recognizer,
    long latencyMs,
    long recognizerMs,
    boolean unconfirmed) {

  /// One word of a [Speech].
  public record Word(String text, long startMs, long endMs, double confidence) {}

  public Speech {
    words = List.copyOf(words);
  }

  /// The same words, marked as never made final.
  public Speech asUnconfirmed() {
    return new Speech(
        segment,
        startMs,
        endMs,
        text,
        confidence,
        speaker,
        channel,
        language,
        words,
        recognizer,
        latencyMs,
        recognizerMs,
        true);
  }

  /// Says where and how long, not what.
  @Override
  public String toString() {
    return "Speech[" + segment + ", " + startMs + "-" + endMs + " ms, " + words.size() + " words]";
  }
}
