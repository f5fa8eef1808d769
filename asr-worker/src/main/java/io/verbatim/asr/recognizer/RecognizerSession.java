package io.verbatim.asr.recognizer;

/// One live session of a recogniser. Confined to the event loop; no method blocks, and none calls
/// the session's listener before it returns.
public interface RecognizerSession {

  /// Sends audio as one message, after [RecognizerEvent.Opened] and before [#finish]; ignored after
  /// the end of the session. The message is flushed at the end of this iteration of the loop.
  ///
  /// The array is read later and must not be changed.
  ///
  /// @param offset of the first byte
  /// @param length whole sample frames
  void send(byte[] audio, int offset, int length);

  /// Whether the socket is writable. After `false`, [RecognizerEvent.Writable] follows when it is.
  boolean isWritable();

  /// Requests the finals of the audio sent so far without ending the session. An answer also shows
  /// that the session works.
  void requestFinals();

  /// Declares that no audio follows. The last results arrive, then [CloseCause.Finished] with the
  /// amount of audio processed. A session that does not finish in time ends as [CloseCause.Lost].
  void finish();

  /// Closes the connection at once, without a close frame. No event follows.
  void drop();
}
