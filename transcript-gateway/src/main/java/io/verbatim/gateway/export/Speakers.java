package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import java.util.OptionalInt;

/// Tells who speaks, where a transcript knows more than one voice: by the channel where there are
/// two, else by the recogniser's ear.
record Speakers(boolean channels, boolean voices) {

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

  /// The recogniser's number for the voice.
  static int voice(Speech words) {
    Integer speaker = words.speaker();
    return speaker == null ? 0 : speaker;
  }
}
