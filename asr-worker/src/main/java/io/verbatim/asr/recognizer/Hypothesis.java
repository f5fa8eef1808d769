package io.verbatim.asr.recognizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a recogniser makes of one stretch of one channel, in seconds of the session's audio.
///
/// @param endSeconds not below `startSeconds`
/// @param text empty where it heard no words
/// @param isFinal true where the recogniser will not come back to this stretch
/// @param language what was heard, where the recogniser says so
public record Hypothesis(
    int channel,
    double startSeconds,
    double endSeconds,
    String text,
    double confidence,
    List<Word> words,
    @Nullable String language,
    boolean isFinal) {

  /// One word, as it should be shown.
  ///
  /// @param speaker the recogniser's number for the voice, where it tells voices apart
  public record Word(
      String text,
      double startSeconds,
      double endSeconds,
      double confidence,
      @Nullable Integer speaker) {

    @Override
    public String toString() {
      return "Word[" + startSeconds + "-" + endSeconds + " s]";
    }
  }

  public Hypothesis {
    if (!(startSeconds >= 0) || !(endSeconds >= startSeconds)) {
      throw new IllegalArgumentException("a stretch of audio has a start and an end behind it");
    }
    words = List.copyOf(words);
  }

  /// Says where and how much, not what.
  @Override
  public String toString() {
    return (isFinal ? "Final[" : "Interim[")
        + channel
        + ", "
        + startSeconds
        + "-"
        + endSeconds
        + " s, "
        + words.size()
        + " words]";
  }
}
