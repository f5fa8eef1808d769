package io.verbatim.asr.recognizer;

/// An event of a session.
public sealed interface RecognizerEvent {

  /// The session accepts audio from now on.
  ///
  /// @param requestId the recogniser's id of the session, for its support; may be empty
  record Opened(String requestId) implements RecognizerEvent {}

  /// Words of a stretch of audio; an empty text if it has none.
  record Result(Hypothesis hypothesis) implements RecognizerEvent {}

  /// Any other message of the recogniser.
  ///
  /// @param kind the metric label: one of a fixed set
  /// @param detail the message's text, cut; may be empty
  /// @param provesLiveness whether it shows that audio is processed; false for an unknown message
  record Signal(String kind, String detail, boolean provesLiveness) implements RecognizerEvent {
    /// The kind of a message that could not be read; its words, if any, are lost.
    public static final String UNREADABLE = "malformed";

    public boolean isUnreadable() {
      return kind.equals(UNREADABLE);
    }
  }

  /// The socket is writable again, after [RecognizerSession#isWritable] was false.
  record Writable() implements RecognizerEvent {}

  /// The last event.
  record Closed(CloseCause cause) implements RecognizerEvent {}
}
