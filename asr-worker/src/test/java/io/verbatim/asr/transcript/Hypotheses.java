package io.verbatim.asr.transcript;

import io.verbatim.asr.recognizer.Hypothesis;
import java.util.ArrayList;
import java.util.List;

/// Results of a recogniser, for tests.
final class Hypotheses {
  private Hypotheses() {}

  /// A hypothesis of words of equal length.
  static Hypothesis hypothesis(
      int channel, double start, double end, boolean isFinal, String... words) {
    List<Hypothesis.Word> timed = new ArrayList<>();
    double each = words.length == 0 ? 0 : (end - start) / words.length;
    for (int i = 0; i < words.length; i++) {
      timed.add(new Hypothesis.Word(words[i], start + i * each, start + (i + 1) * each, 0.9, null));
    }
    return new Hypothesis(channel, start, end, String.join(" ", words), 0.9, timed, null, isFinal);
  }
}
