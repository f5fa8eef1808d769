package io.verbatim.asr.transcript;

import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Speech;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A hypothesis in positions of the call instead of seconds of its session.
record PositionedHypothesis(
    long start,
    long end,
    String text,
    double confidence,
    List<Word> words,
    @Nullable Integer speaker,
    @Nullable String language) {

  record Word(String text, long start, long end, double confidence) {}

  static PositionedHypothesis of(Hypothesis hypothesis, SessionTimeline session) {
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
    return new PositionedHypothesis(
        session.position(hypothesis.startSeconds()),
        end,
        hypothesis.text(),
        hypothesis.confidence(),
        words,
        hypothesis.words().isEmpty() ? null : hypothesis.words().getFirst().speaker(),
        hypothesis.language());
  }

  /// The interim of a previous owner, converted from milliseconds.
  static PositionedHypothesis of(Speech previous, AudioFormat format) {
    return new PositionedHypothesis(
        position(previous.startMs(), format),
        position(previous.endMs(), format),
        previous.text(),
        previous.confidence(),
        previous.words().stream()
            .map(word ->
                new Word(
                    word.text(),
                    position(word.startMs(), format),
                    position(word.endMs(), format),
                    word.confidence()))
            .toList(),
        previous.speaker(),
        previous.language());
  }

  private static long position(long millis, AudioFormat format) {
    return format.toPosition(millis / 1e3);
  }

  /// The part below `position`; a word that straddles it is kept. Text without words is kept whole
  /// if most of its time is below, else dropped.
  PositionedHypothesis below(long position) {
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
    long wordsEnd = kept.stream().mapToLong(Word::end).max().orElse(position);
    return with(textOf(kept), kept, Math.max(position, wordsEnd));
  }

  private PositionedHypothesis with(String newText, List<Word> newWords, long newEnd) {
    return new PositionedHypothesis(
        start, newEnd, newText, confidence, newWords, speaker, language);
  }

  private static String textOf(List<Word> words) {
    return words.stream().map(Word::text).collect(Collectors.joining(" "));
  }

  /// The part above `covered`. Text without words is kept whole if most of its time is above, else
  /// dropped.
  PositionedHypothesis above(long covered) {
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
    return new PositionedHypothesis(
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
