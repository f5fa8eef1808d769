package io.verbatim.asr.recognizer;

/// What a session tells.
public sealed interface RecognizerEvent {

  /// The session hears from now on.
  ///
  /// @param requestId the recogniser's name for the session, for its support; may be empty
  record Opened(String requestId) implements RecognizerEvent {}

  /// What the recogniser makes of a part of the audio.
  record Heard(Hypothesis hypothesis) implements RecognizerEvent {}

  /// Anything else it said.
  ///
  /// @param kind one of a few fixed words, for counting
  /// @param detail what it said, cut; empty where there is nothing to tell
  /// @param isLife whether it shows that the session hears: what nobody understands does not
  record Signal(String kind, String detail, boolean isLife) implements RecognizerEvent {}

  /// The last event.
  record Closed(CloseCause cause) implements RecognizerEvent {}
}
