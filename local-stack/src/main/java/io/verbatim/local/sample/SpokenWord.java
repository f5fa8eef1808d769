package io.verbatim.local.sample;

/// A word and where it sounds: from its first sample to the one after its last.
public record SpokenWord(String word, String punctuated, long startSample, long endSample) {
  public SpokenWord {
    if (startSample >= endSample) {
      throw new IllegalArgumentException("a word must last: " + word);
    }
  }

  /// The same word in audio that begins `samples` later.
  public SpokenWord earlierBy(long samples) {
    return new SpokenWord(word, punctuated, startSample - samples, endSample - samples);
  }
}
