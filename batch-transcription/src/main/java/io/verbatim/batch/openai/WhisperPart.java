package io.verbatim.batch.openai;

import io.verbatim.batch.openai.VerboseAnswer.Segment;
import io.verbatim.batch.openai.VerboseAnswer.Word;
import io.verbatim.batch.transcript.SpokenWord;
import io.verbatim.batch.transcript.Utterance;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The utterances of one part of a recording: one for each segment, with the words that begin in
/// it. Whisper's words have no punctuation, and its segments have.
final class WhisperPart {

  private WhisperPart() {}

  /// @param offsetMs the part's start in the recording
  static List<Utterance> utterances(VerboseAnswer answer, long offsetMs) {
    List<Segment> segments = Objects.requireNonNullElse(answer.segments(), List.of());
    List<Word> words = Objects.requireNonNullElse(answer.words(), List.of());
    List<Utterance> utterances = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean isLast = i == segments.size() - 1;
      double until = isLast ? Double.MAX_VALUE : segments.get(i + 1).start();
      double confidence = confidence(segment);
      List<SpokenWord> spoken = new ArrayList<>();
      while (next < words.size() && words.get(next).start() < until) {
        spoken.add(word(words.get(next++), confidence));
      }
      String text = Objects.requireNonNullElse(segment.text(), "").strip();
      if (!text.isEmpty()) {
        utterances.add(
            new Utterance(
                    millis(segment.start()), millis(segment.end()), text, confidence, null, spoken)
                .later(offsetMs));
      }
    }
    return utterances;
  }

  /// The probability of the average token, as a measure from 0 to 1.
  private static double confidence(Segment segment) {
    return Math.clamp(Math.exp(segment.logProbability()), 0, 1);
  }

  private static SpokenWord word(Word word, double confidence) {
    return new SpokenWord(
        Objects.requireNonNullElse(word.word(), ""),
        millis(word.start()),
        millis(word.end()),
        confidence,
        null);
  }

  private static long millis(double seconds) {
    return Math.round(seconds * 1000);
  }
}
