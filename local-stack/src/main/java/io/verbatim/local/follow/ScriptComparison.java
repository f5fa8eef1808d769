package io.verbatim.local.follow;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.util.List;
import java.util.stream.Collectors;

/// The result of comparing a transcript with the script of the sample call, word by word.
public sealed interface ScriptComparison {

  /// Every word occurs once, in order.
  record Equal(int words) implements ScriptComparison {}

  /// The words differ.
  ///
  /// @param word the index of the first different word, from 0
  /// @param expected the words of the script around it, for messages
  /// @param actual the words of the transcript around it, for messages
  record Differs(int word, String expected, String actual, int expectedWords, int actualWords)
      implements ScriptComparison {}

  /// Compares the words as written. The boundaries of the finals do not matter.
  static ScriptComparison of(EndedCall call, SampleCall script) {
    List<String> expected =
        words(script.utterances().stream().map(Utterance::text).collect(Collectors.joining(" ")));
    List<String> actual = words(call.text());
    int same = 0;
    while (same < expected.size()
        && same < actual.size()
        && expected.get(same).equals(actual.get(same))) {
      same++;
    }
    return same == expected.size() && same == actual.size()
        ? new Equal(same)
        : new Differs(
            same, around(expected, same), around(actual, same), expected.size(), actual.size());
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  private static String around(List<String> words, int word) {
    return String.join(
        " ",
        words.subList(
            Math.max(0, Math.min(word, words.size()) - 3), Math.min(words.size(), word + 4)));
  }
}
