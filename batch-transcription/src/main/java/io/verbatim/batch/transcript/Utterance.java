package io.verbatim.batch.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Words that one speaker says without a long pause: one line of a transcript, one cue of
/// subtitles.
///
/// @param text with the recogniser's punctuation
/// @param confidence 0 to 1
/// @param speaker the recogniser's number of the speaker, from 0; null without speaker separation
public record Utterance(
    long startMs,
    long endMs,
    String text,
    double confidence,
    @Nullable Integer speaker,
    List<SpokenWord> words) {

  private static final long PAUSE_MS = 800;
  private static final int MAX_WORDS = 40;

  public Utterance {
    words = List.copyOf(words);
  }

  /// The same utterance in a recording that begins earlier.
  public Utterance later(long millis) {
    return new Utterance(
        startMs + millis,
        endMs + millis,
        text,
        confidence,
        speaker,
        words.stream().map(word -> word.later(millis)).toList());
  }

  /// Groups words into utterances: a new one begins after a pause of 0.8 s, with another speaker,
  /// and after 40 words.
  public static List<Utterance> of(List<SpokenWord> words) {
    List<Utterance> utterances = new ArrayList<>();
    int first = 0;
    for (int next = 1; next <= words.size(); next++) {
      if (next == words.size() || next - first == MAX_WORDS || separates(words, next)) {
        utterances.add(joined(words.subList(first, next)));
        first = next;
      }
    }
    return utterances;
  }

  private static boolean separates(List<SpokenWord> words, int next) {
    SpokenWord before = words.get(next - 1);
    SpokenWord after = words.get(next);
    return after.startMs() - before.endMs() >= PAUSE_MS
        || !Objects.equals(before.speaker(), after.speaker());
  }

  private static Utterance joined(List<SpokenWord> words) {
    return new Utterance(
        words.getFirst().startMs(),
        words.getLast().endMs(),
        words.stream().map(SpokenWord::text).collect(Collectors.joining(" ")),
        words.stream().mapToDouble(SpokenWord::confidence).average().orElse(0),
        words.getFirst().speaker(),
        words);
  }
}
