package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.OptionalInt;

/// Tells who speaks, where a transcript knows more than one voice: by the channel where there are
/// two, else by the recogniser's ear.
record Speakers(boolean channels, boolean voices) {

  static Speakers in(List<TranscriptEntry> transcript) {
    List<Speech> speech = speech(transcript);
    return new Speakers(
        speech.stream().anyMatch(words -> words.channel() > 0),
        speech.stream().map(Speakers::voice).distinct().count() > 1);
  }

  /// The speaker's number, as people count.
  ///
  /// @return from 1; empty where there is only one voice
  OptionalInt number(Speech words) {
    if (channels) {
      return OptionalInt.of(words.channel() + 1);
    }
    return voices ? OptionalInt.of(voice(words) + 1) : OptionalInt.empty();
  }

  /// `Speaker 1`, then what joins it to the words; nothing where there is only one voice.
  String label(Speech words, String joint) {
    OptionalInt number = number(words);
    return number.isPresent() ? "Speaker " + number.getAsInt() + joint : "";
  }

  private static int voice(Speech words) {
    Integer speaker = words.speaker();
    return speaker == null ? 0 : speaker;
  }

  private static List<Speech> speech(List<TranscriptEntry> transcript) {
    return transcript.stream()
        .filter(TranscriptEntry.Final.class::isInstance)
        .map(entry -> ((TranscriptEntry.Final) entry).speech())
        .toList();
  }
}
