package io.verbatim.batch.transcript;

import org.jspecify.annotations.Nullable;

/// One word of a recording.
///
/// @param startMs milliseconds from the recording's first sample
/// @param confidence 0 to 1
/// @param speaker the recogniser's number of the speaker, from 0; null without speaker separation
public record SpokenWord(
    String text, long startMs, long endMs, double confidence, @Nullable Integer speaker) {

  /// The same word in a recording that begins earlier.
  public SpokenWord later(long millis) {
    return new SpokenWord(text, startMs + millis, endMs + millis, confidence, speaker);
  }
}
