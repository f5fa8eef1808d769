package io.verbatim.asr.deepgram;

import io.verbatim.asr.recognizer.Hypothesis;

/// One text the server sent.
sealed interface DeepgramMessage {

  /// Words, or the statement that there are none.
  ///
  /// @param endOfSpeech the speaker paused: `speech_final`
  record Results(Hypothesis hypothesis, boolean endOfSpeech) implements DeepgramMessage {}

  /// The summary of the whole stream; after our `CloseStream`, the proof that this much of it was
  /// processed.
  record Metadata(String requestId, double durationSeconds) implements DeepgramMessage {}

  record SpeechStarted(int channel, double atSeconds) implements DeepgramMessage {}

  record UtteranceEnd(int channel, double lastWordEndSeconds) implements DeepgramMessage {}

  /// An error of the server; a close usually follows and decides what is done.
  record Problem(String code, String text) implements DeepgramMessage {}

  /// An unknown kind: new ones appear, and must not break a call.
  record Unknown(String type) implements DeepgramMessage {}

  /// Not a message.
  record Malformed(String reason) implements DeepgramMessage {}
}
