package io.verbatim.numbers;

import java.util.List;

/// A transcript of numbers, as a client received it.
///
/// @param gaps audio that will not be transcribed
/// @param endings the `ended` events; exactly one in a correct transcript
/// @param resyncs the number of `resync` events
public record ReceivedTranscript(
    List<Word> words, List<Gap> gaps, List<Ending> endings, int resyncs) {

  public ReceivedTranscript {
    words = List.copyOf(words);
    gaps = List.copyOf(gaps);
    endings = List.copyOf(endings);
  }

  /// A word and its start, from the call's first sample.
  ///
  /// @param channel from 0
  public record Word(int number, long startMs, int channel) {
    Word(int number, long startMs) {
      this(number, startMs, 0);
    }
  }

  /// Audio that will not be transcribed, with the reason.
  public record Gap(long startMs, long endMs, String reason) {
    /// Whether the gap overlaps the frame.
    boolean overlaps(int frame) {
      long from = frame * Verdict.FRAME_MILLIS;
      return from < endMs && from + Verdict.FRAME_MILLIS > startMs;
    }
  }

  /// The end of a call.
  ///
  /// @param complete whether all its audio was transcribed
  public record Ending(String reason, long durationMs, boolean complete) {}

  /// The transcript with only the words of one channel.
  ReceivedTranscript ofChannel(int channel) {
    return new ReceivedTranscript(
        words.stream().filter(word -> word.channel() == channel).toList(), gaps, endings, resyncs);
  }
}
