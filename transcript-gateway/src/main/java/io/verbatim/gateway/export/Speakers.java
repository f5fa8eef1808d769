package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import java.util.OptionalInt;

/// Numbers the speakers of a transcript that has more than one: by channel if there are two
/// channels, else by the recogniser's speaker number.
///
/// @param byChannel whether the transcript has words on more than one channel
/// @param byRecognizer whether the recogniser distinguished more than one speaker
record Speakers(boolean byChannel, boolean byRecognizer) {

  /// The speaker's number.
  ///
  /// @return from 1; empty if there is only one speaker
  OptionalInt number(Speech words) {
    if (byChannel) {
      return OptionalInt.of(words.channel() + 1);
    }
    return byRecognizer ? OptionalInt.of(speaker(words) + 1) : OptionalInt.empty();
  }

  /// `Speaker 1` and a separator; empty if there is only one speaker.
  String label(Speech words, String separator) {
    OptionalInt number = number(words);
    return number.isPresent() ? "Speaker " + number.getAsInt() + separator : "";
  }

  /// The recogniser's number for the speaker; 0 if it gave none.
  static int speaker(Speech words) {
    Integer speaker = words.speaker();
    return speaker == null ? 0 : speaker;
  }
}
