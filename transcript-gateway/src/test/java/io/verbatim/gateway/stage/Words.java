package io.verbatim.gateway.stage;

import io.verbatim.pubsub.message.Speech;
import java.util.ArrayList;
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

  /// A sentence whose words each have their own confidence.
  ///
  /// @param unsure words of it the recogniser was not sure of
  public static Speech sentence(
      String segment, int channel, long startMs, long endMs, String text, String... unsure) {
    List<String> tokens = List.of(text.split(" ", -1));
    long each = (endMs - startMs) / tokens.size();
    List<Speech.Word> words = new ArrayList<>();
    for (String token : tokens) {
      long at = startMs + words.size() * each;
      double confidence = List.of(unsure).contains(token) ? 0.41 : 0.97;
      words.add(new Speech.Word(token, at, at + each, confidence));
    }
    return new Speech(
        segment, startMs, endMs, text, 0.9, null, channel, "en", words, "nova-3", 310, 240, false);
  }

  /// The same words, heard in a language.
  public static Speech inLanguage(String language, Speech words) {
    return new Speech(
        words.segment(),
        words.startMs(),
        words.endMs(),
        words.text(),
        words.confidence(),
        words.speaker(),
        words.channel(),
        language,
        words.words(),
        words.recognizer(),
        words.latencyMs(),
        words.recognizerMs(),
        words.unconfirmed());
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
