package io.verbatim.asr.recognizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The recogniser's words for one stretch of one channel. Times are in seconds since the start of
/// the session's audio.
///
/// @param channel from 0
/// @param endSeconds not below `startSeconds`
/// @param text empty if there are no words
/// @param confidence 0 to 1
/// @param isFinal whether the recogniser will not revise this stretch
/// @param language the recognised language, if the recogniser reports it
public record Hypothesis(
    int channel,
    double startSeconds,
    double endSeconds,
    String text,
    double confidence,
    List<Word> words,
    @Nullable String language,
    boolean isFinal) {

  /// One word. Its text is capitalised and punctuated for display.
  ///
  /// @param speaker the recogniser's number of the speaker, if it separates speakers
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
      throw new IllegalArgumentException(
          "Hypothesis from "
              + startSeconds
              + " to "
              + endSeconds
              + " s is invalid: it must start at 0 s or later and end at or after its start.");
    }
    words = List.copyOf(words);
  }

  /// Times and the number of words, never the words.
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
