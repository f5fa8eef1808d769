package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.Optional;

/// Names who speaks, where a transcript knows more than one voice; people count from 1.
record Speakers(boolean channels, boolean voices) {

  static Speakers in(List<TranscriptEntry> transcript) {
    List<Speech> speech = speech(transcript);
    return new Speakers(
        speech.stream().anyMatch(words -> words.channel() > 0),
        speech.stream().anyMatch(words -> words.speaker() != null));
  }

  Optional<String> name(Speech words) {
    if (channels) {
      return Optional.of("Channel " + (words.channel() + 1));
    }
    return voices && words.speaker() != null
        ? Optional.of("Speaker " + (words.speaker() + 1))
        : Optional.empty();
  }

  private static List<Speech> speech(List<TranscriptEntry> transcript) {
    return transcript.stream()
        .filter(TranscriptEntry.Final.class::isInstance)
        .map(entry -> ((TranscriptEntry.Final) entry).speech())
        .toList();
  }
}
