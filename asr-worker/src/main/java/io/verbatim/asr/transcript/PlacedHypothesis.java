package io.verbatim.asr.transcript;

import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Speech;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A hypothesis in positions of the call instead of seconds of its session.
record PlacedHypothesis(
    long start,
    long end,
    String text,
    double confidence,
    List<Word> words,
    @Nullable Integer speaker,
    @Nullable String language) {

  record Word(String text, long start, long end, double confidence) {}

  static PlacedHypothesis of(Hypothesis hypothesis, SessionTimeline session) {
    long end = session.position(hypothesis.endSeconds());
    List<Word> words =
        hypothesis.words().stream()
            .map(word ->
                new Word(
                    word.text(),
                    Math.min(session.position(word.startSeconds()), end),
                    Math.min(session.position(word.endSeconds()), end),
                    word.confidence()))
            .toList();
    return new PlacedHypothesis(
        session.position(hypothesis.startSeconds()),
        end,
        hypothesis.text(),
        hypothesis.confidence(),
        words,
        hypothesis.words().isEmpty() ? null : hypothesis.words().getFirst().speaker(),
        hypothesis.language());
  }

  /// The interim of an owner before, from its milliseconds.
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
        shown.language());
  }

  private static long position(long millis, AudioFormat format) {
    return format.toPosition(millis / 1e3);
  }

  /// Without what starts at or above `position`; a word that straddles it stays whole. Text without
  /// words is kept whole where most of it lies below, else dropped.
  PlacedHypothesis below(long position) {
    if (end <= position) {
      return this;
    }
    List<Word> kept = words.stream().filter(word -> word.start() < position).toList();
    if (words.isEmpty()) {
      return position - start >= end - position ? this : with("", kept, position);
    }
    if (kept.size() == words.size()) {
      return this;
    }
    long reach = kept.stream().mapToLong(Word::end).max().orElse(position);
    return with(textOf(kept), kept, Math.max(position, reach));
  }

  private PlacedHypothesis with(String newText, List<Word> newWords, long newEnd) {
    return new PlacedHypothesis(start, newEnd, newText, confidence, newWords, speaker, language);
  }

  private static String textOf(List<Word> words) {
    return words.stream().map(Word::text).collect(Collectors.joining(" "));
  }

  /// Without what lies at or below `covered`. Text without words is kept whole where most of it
  /// lies above, else dropped.
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
        covered, Math.max(end, covered), rest, confidence, kept, speaker, language);
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
