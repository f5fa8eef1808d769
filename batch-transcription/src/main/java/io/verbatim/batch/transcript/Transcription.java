package io.verbatim.batch.transcript;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The transcript of one recording.
///
/// @param text empty if the recogniser found no speech
/// @param confidence 0 to 1; 0 without speech
/// @param model the recogniser's model
/// @param language the language that the recogniser reports; null if it reports none
/// @param length of the recording
/// @param utterances in order of their start
/// @param chunks the number of parts in which the recording was sent
public record Transcription(
    String text,
    double confidence,
    String model,
    @Nullable String language,
    Duration length,
    List<Utterance> utterances,
    int chunks) {

  public Transcription {
    utterances = List.copyOf(utterances);
  }

  public Stream<SpokenWord> words() {
    return utterances.stream().flatMap(utterance -> utterance.words().stream());
  }

  /// Contains the length and the number of utterances, but no text.
  @Override
  public String toString() {
    return "Transcription[" + length + ", " + utterances.size() + " utterances]";
  }
}
