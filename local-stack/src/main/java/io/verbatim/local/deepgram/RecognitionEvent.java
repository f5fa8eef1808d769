package io.verbatim.local.deepgram;

import io.verbatim.local.sample.SpokenWord;
import java.util.List;

/// A result of one channel's recognition. Positions are samples of the session's audio, from 0.
sealed interface RecognitionEvent {

  /// The speech from `start` to `end`. Final segments are contiguous. An interim segment is
  /// replaced by the next segment with the same start. A segment without words and text is silence.
  record Segment(
      long start,
      long end,
      String transcript,
      List<RecognizedWord> words,
      boolean isFinal,
      boolean speechFinal,
      boolean fromFinalize)
      implements RecognitionEvent {
    public Segment {
      words = List.copyOf(words);
      if (start > end) {
        throw new IllegalArgumentException(
            "a segment ends before it starts: " + start + " > " + end);
      }
    }

    static Segment silence(long start, long end) {
      return new Segment(start, end, "", List.of(), true, false, false);
    }

    Segment finalized() {
      return new Segment(start, end, transcript, words, true, speechFinal, true);
    }
  }

  /// Speech starts.
  record SpeechStarted(long at) implements RecognitionEvent {}

  /// No speech for the time that the client requested.
  record UtteranceEnd(long lastWordEnd) implements RecognitionEvent {}

  /// A word and its speaker.
  record RecognizedWord(SpokenWord word, int speaker) {}
}
