package io.verbatim.asr.recognizer;

/// One live session of a recogniser. Confined to the event loop; no method blocks, and none calls
/// the session's listener before it returns.
public interface RecognizerSession {

  /// Sends audio as one message, after [RecognizerEvent.Opened] and before [#finish]; ignored once
  /// the session is over. It leaves at the end of this iteration of the loop.
  ///
  /// The array is read later and must not be changed.
  ///
  /// @param offset of the first byte
  /// @param length whole sample frames
  void send(byte[] audio, int offset, int length);

  /// Whether the network takes more audio. After a `false`, [RecognizerEvent.Writable] follows when
  /// it does.
  boolean isWritable();

  /// Requests the finals of the audio sent so far, without ending the session. The answer also
  /// proves that the session works.
  void requestFinals();

  /// Declares that no audio follows. The last results arrive, then [CloseCause.Finished], which
  /// says how much audio was processed; a recogniser that does not get there in time closes as
  /// [CloseCause.Lost].
  void finish();

  /// Closes the connection at once and without a message: no event follows.
  void drop();
}
