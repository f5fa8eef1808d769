package io.verbatim.gateway.stage;

import io.verbatim.pubsub.message.Speech;
import java.util.List;

/// Speech for tests.
public final class Words {

  private Words() {}

  public static Speech words(String segment, long startMs, long endMs, String text) {
    return words(segment, 0, startMs, endMs, text);
  }

  public static Speech words(String segment, int channel, long startMs, long endMs, String text) {
    return words(segment, channel, startMs, endMs, text, "scripted");
  }

  /// Words of one recogniser.
  ///
  /// @param recognizer who heard them
  public static Speech words(
      String segment, int channel, long startMs, long endMs, String text, String recognizer) {
    return new Speech(
        segment,
        startMs,
        endMs,
        text,
        0.9,
        null,
        channel,
        "en",
        List.of(new Speech.Word(text, startMs, endMs, 0.9)),
        recognizer,
        310,
        120,
        false);
  }
}
