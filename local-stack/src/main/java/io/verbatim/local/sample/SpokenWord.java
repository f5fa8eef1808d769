package io.verbatim.local.sample;

/// A word and its position: from its first sample to the sample after its last.
public record SpokenWord(String word, String punctuated, long startSample, long endSample) {
  public SpokenWord {
    if (startSample >= endSample) {
      throw new IllegalArgumentException("word \"" + word + "\" must end after its start");
    }
  }

  /// The same word, moved `samples` towards the start.
  public SpokenWord movedEarlier(long samples) {
    return new SpokenWord(word, punctuated, startSample - samples, endSample - samples);
  }
}
