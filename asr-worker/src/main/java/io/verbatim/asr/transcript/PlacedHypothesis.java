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
                    Math.min(session.position(word.startSeconds()), end),
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

  /// What was said before, as it was shown, from its milliseconds.
  static PlacedHypothesis of(Speech shown, AudioFormat format) {
    return new PlacedHypothesis(
        position(shown.startMs(), format),
        position(shown.endMs(), format),
        shown.text(),
        shown.confidence(),
        shown.words().stream()
            .map(word ->
                new Word(
                    word.text(),
                    position(word.startMs(), format),
                    position(word.endMs(), format),
                    word.confidence()))
            .toList(),
        shown.speaker(),
        shown.language(),
        0);
  }

  private static long position(long millis, AudioFormat format) {
    return format.toPosition(millis / 1e3);
  }

  /// Without what begins at or above `position`; a word that straddles it stays whole. Text that
  /// came without words can only be kept whole, where most of it lies below, or dropped.
  PlacedHypothesis below(long position) {
    if (end <= position) {
      return this;
    }
    List<Word> kept = words.stream().filter(word -> word.start() < position).toList();
    if (words.isEmpty()) {
      return position - start >= end - position ? this : said("", kept, position);
    }
    if (kept.size() == words.size()) {
      return this;
    }
    long reach = kept.stream().mapToLong(Word::end).max().orElse(position);
    return said(textOf(kept), kept, Math.max(position, reach));
  }

  private PlacedHypothesis said(String newText, List<Word> newWords, long newEnd) {
    return new PlacedHypothesis(
        start, newEnd, newText, confidence, newWords, speaker, language, heardMillis);
  }

  private static String textOf(List<Word> words) {
    return words.stream().map(Word::text).collect(Collectors.joining(" "));
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
      rest = textOf(kept);
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
