package io.verbatim.local.sample;

import java.util.List;
import java.util.stream.Collectors;

/// Consecutive words of one speaker; at least one.
public record Utterance(int speaker, List<SpokenWord> words) {
  public Utterance {
    words = List.copyOf(words);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("an utterance must have at least one word");
    }
  }

  /// The first sample of its first word.
  public long startSample() {
    return words.getFirst().startSample();
  }

  /// The sample after its last word.
  public long endSample() {
    return words.getLast().endSample();
  }

  /// The punctuated words, separated by one space.
  public String text() {
    return textOf(words);
  }

  /// The punctuated form of `words`, separated by one space.
  public static String textOf(List<SpokenWord> words) {
    return words.stream().map(SpokenWord::punctuated).collect(Collectors.joining(" "));
  }
}
