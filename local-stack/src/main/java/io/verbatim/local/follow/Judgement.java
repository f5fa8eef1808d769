package io.verbatim.local.follow;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.util.List;
import java.util.stream.Collectors;

/// Whether a transcript says what the script of the sample call says, word for word.
public sealed interface Judgement {

  /// Every word is there, once, in order.
  record Whole(int words) implements Judgement {}

  /// It differs, first at the word with this number from 0; the words around it, for people.
  record Differs(int word, String expected, String heard, int wordsExpected, int wordsHeard)
      implements Judgement {}

  /// Compares the words as written, wherever the finals were cut.
  static Judgement of(EndedCall call, SampleCall script) {
    List<String> expected =
        words(script.utterances().stream().map(Utterance::text).collect(Collectors.joining(" ")));
    List<String> heard = words(call.text());
    int same = 0;
    while (same < expected.size()
        && same < heard.size()
        && expected.get(same).equals(heard.get(same))) {
      same++;
    }
    return same == expected.size() && same == heard.size()
        ? new Whole(same)
        : new Differs(
            same, around(expected, same), around(heard, same), expected.size(), heard.size());
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
