package io.verbatim.local.sample;

import java.util.List;
import java.util.stream.Collectors;

/// What one party says in one go; at least one word.
public record Utterance(int speaker, List<SpokenWord> words) {
  public Utterance {
    words = List.copyOf(words);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("an utterance needs words");
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

  /// As it is written: punctuated, one space between words.
  public String text() {
    return textOf(words);
  }

  /// The written form of some words.
  public static String textOf(List<SpokenWord> words) {
    return words.stream().map(SpokenWord::punctuated).collect(Collectors.joining(" "));
  }
}
