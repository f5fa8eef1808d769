package io.verbatim.asr.deepgram;

import io.verbatim.asr.recognizer.Hypothesis;

/// One text the server sent.
sealed interface DeepgramMessage {

  /// Words, or the news that there are none.
  ///
  /// @param endOfSpeech the speaker has paused: `speech_final`
  record Results(Hypothesis hypothesis, boolean endOfSpeech) implements DeepgramMessage {}

  /// The summary of the whole stream; after our `CloseStream`, the proof that all of it was heard.
  record Metadata(String requestId, double durationSeconds) implements DeepgramMessage {}

  record SpeechStarted(int channel, double atSeconds) implements DeepgramMessage {}

  record UtteranceEnd(int channel, double lastWordEndSeconds) implements DeepgramMessage {}

  /// The server's complaint; a close usually follows and decides what is done.
  record Problem(String code, String text) implements DeepgramMessage {}

  /// A kind we do not know: new ones keep appearing and never break a call.
  record Unknown(String type) implements DeepgramMessage {}

  /// Not a message at all.
  record Malformed(String reason) implements DeepgramMessage {}
}
