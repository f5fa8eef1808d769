package io.verbatim.asr.recognizer;

/// What a session reports.
public sealed interface RecognizerEvent {

  /// The session takes audio from now on.
  ///
  /// @param requestId the recogniser's id of the session, for its support; may be empty
  record Opened(String requestId) implements RecognizerEvent {}

  /// Words, or the statement that there are none.
  record Result(Hypothesis hypothesis) implements RecognizerEvent {}

  /// Any other message of the recogniser.
  ///
  /// @param kind one of a few fixed words, for counting
  /// @param detail its text, cut; empty where there is none
  /// @param provesLiveness whether it shows that audio is processed: an unknown message does not
  record Signal(String kind, String detail, boolean provesLiveness) implements RecognizerEvent {
    /// The kind of a message that could not be read: its words, if it had any, are lost.
    public static final String UNREADABLE = "malformed";

    public boolean isUnreadable() {
      return kind.equals(UNREADABLE);
    }
  }

  /// The network takes audio again, after [RecognizerSession#isWritable] was false.
  record Writable() implements RecognizerEvent {}

  /// The last event.
  record Closed(CloseCause cause) implements RecognizerEvent {}
}
