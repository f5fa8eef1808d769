package io.verbatim.pubsub.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Spoken words with times relative to the call's start: the body of finals and interims.
///
/// @param segment stable from the first interim to the final
/// @param startMs milliseconds from the call's first sample
/// @param confidence 0 to 1
/// @param speaker the recogniser's number of the speaker; null without speaker separation
/// @param channel 0, or 1 in a call of two channels
/// @param language the detected language; null if the recogniser does not report it
/// @param recognizer the recogniser's name, such as `nova-3` or `simulated`
/// @param latencyMs from the arrival of its last audio at ingest to its write
/// @param recognizerMs the recogniser's part of `latencyMs`
/// @param unconfirmed true if the recogniser never made these words final
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

  /// The same words, marked as unconfirmed.
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

  /// The same segment without words. For subscribers it replaces an interim that disappeared
  /// without a final.
  public Speech withoutWords() {
    return new Speech(
        segment,
        startMs,
        endMs,
        "",
        0,
        speaker,
        channel,
        language,
        List.of(),
        recognizer,
        0,
        0,
        false);
  }

  /// Contains the times and the number of words, but no text.
  @Override
  public String toString() {
    return "Speech[" + segment + ", " + startMs + "-" + endMs + " ms, " + words.size() + " words]";
  }
}
