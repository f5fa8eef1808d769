package io.verbatim.local.deepgram;

import io.verbatim.local.sample.SpokenWord;
import java.util.List;

/// Something one channel's recognition has to say. Positions are samples of that session's audio,
/// from 0.
sealed interface Hearing {

  /// What was said from `start` to `end`. Final segments follow each other without a seam; an
  /// interim one is replaced by the next segment with the same start. Without words and text it
  /// says that nobody spoke.
  record Segment(
      long start,
      long end,
      String transcript,
      List<Heard> words,
      boolean isFinal,
      boolean speechFinal,
      boolean fromFinalize)
      implements Hearing {
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

  /// Somebody begins to speak.
  record SpeechStarted(long at) implements Hearing {}

  /// Nobody has spoken for as long as the client wanted to wait.
  record UtteranceEnd(long lastWordEnd) implements Hearing {}

  /// A word and who says it.
  record Heard(SpokenWord word, int speaker) {}
}
