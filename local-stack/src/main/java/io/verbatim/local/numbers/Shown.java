package io.verbatim.local.numbers;

import java.util.List;

/// A transcript of numbers, as somebody was shown it.
///
/// @param gaps audio that nobody will transcribe
/// @param endings everything it said about the call's end; one, where all is well
/// @param resyncs how often the reader was told to forget what it had
public record Shown(List<Word> words, List<Gap> gaps, List<Ending> endings, int resyncs) {

  /// A word, and when it was spoken, from the call's first sample.
  ///
  /// @param channel from 0
  public record Word(int number, long startMs, int channel) {
    Word(int number, long startMs) {
      this(number, startMs, 0);
    }
  }

  /// Audio nobody will transcribe, and why.
  public record Gap(long startMs, long endMs, String reason) {
    /// Whether any of this frame lies in it.
    boolean touches(int frame) {
      long from = frame * Verdict.FRAME_MILLIS;
      return from < endMs && from + Verdict.FRAME_MILLIS > startMs;
    }
  }

  /// How a call ended.
  ///
  /// @param complete whether all its audio became words
  public record Ending(String reason, long durationMs, boolean complete) {}

  /// What of it is this channel's.
  Shown ofChannel(int channel) {
    return new Shown(
        words.stream().filter(word -> word.channel() == channel).toList(), gaps, endings, resyncs);
  }

  public Shown {
    words = List.copyOf(words);
    gaps = List.copyOf(gaps);
    endings = List.copyOf(endings);
  }
}
