package io.verbatim.asr.transcript;

import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Speech;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A hypothesis at its place in the call, in positions.
record PlacedHypothesis(
    long start,
    long end,
    String text,
    double confidence,
    List<Word> words,
    @Nullable Integer speaker,
    @Nullable String language,
    long heardMillis) {

  record Word(String text, long start, long end, double confidence) {}

  static PlacedHypothesis of(Hypothesis heard, SessionTimeline session, long heardMillis) {
    long end = session.position(heard.endSeconds());
    List<Word> words =
        heard.words().stream()
            .map(word ->
                new Word(
                    word.text(),
                    session.position(word.startSeconds()),
                    Math.min(session.position(word.endSeconds()), end),
                    word.confidence()))
            .toList();
    return new PlacedHypothesis(
        session.position(heard.startSeconds()),
        end,
        heard.text(),
        heard.confidence(),
        words,
        heard.words().isEmpty() ? null : heard.words().getFirst().speaker(),
        heard.language(),
        heardMillis);
  }

  /// Without what lies at or below `covered`. Text that came without words can only be kept whole,
  /// where most of it lies above, or dropped.
  PlacedHypothesis above(long covered) {
    if (start >= covered) {
      return this;
    }
    List<Word> kept = words.stream().filter(word -> word.end() > covered).toList();
    String rest;
    if (words.isEmpty()) {
      rest = end - covered >= covered - start ? text : "";
    } else if (kept.size() == words.size()) {
      rest = text;
    } else {
      rest = kept.stream().map(Word::text).collect(Collectors.joining(" "));
    }
    return new PlacedHypothesis(
        covered, Math.max(end, covered), rest, confidence, kept, speaker, language, heardMillis);
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  Speech toSpeech(
      AudioFormat format,
      int channel,
      String segment,
      String recognizer,
      long latencyMs,
      long recognizerMs) {
    return new Speech(
        segment,
        format.toMillis(start),
        format.toMillis(end),
        text,
        confidence,
        speaker,
        channel,
        language,
        words.stream()
            .map(word ->
                new Speech.Word(
                    word.text(),
                    format.toMillis(word.start()),
                    format.toMillis(word.end()),
                    word.confidence()))
            .toList(),
        recognizer,
        latencyMs,
        recognizerMs,
        false);
  }
}
