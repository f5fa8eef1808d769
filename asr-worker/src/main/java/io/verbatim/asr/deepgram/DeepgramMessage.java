package io.verbatim.asr.deepgram;

import io.verbatim.asr.recognizer.Hypothesis;

/// One text the server sent.
sealed interface DeepgramMessage {

  /// Words of a stretch of audio; an empty text if it has none.
  ///
  /// @param endOfSpeech the speaker paused: `speech_final`
  record Results(Hypothesis hypothesis, boolean endOfSpeech) implements DeepgramMessage {}

  /// The summary of the stream. After our `CloseStream` it confirms how much audio was processed.
  record Metadata(String requestId, double durationSeconds) implements DeepgramMessage {}

  record SpeechStarted() implements DeepgramMessage {}

  record UtteranceEnd() implements DeepgramMessage {}

  /// An error report of the server. A close usually follows; the session reacts to the close.
  record Problem(String code, String text) implements DeepgramMessage {}

  /// An unknown type. New types must not break a call.
  record Unknown(String type) implements DeepgramMessage {}

  /// A text that cannot be decoded.
  record Malformed(String reason) implements DeepgramMessage {}
}
