package io.verbatim.ingest.exotel;

import io.verbatim.ingest.connection.CloseCode;

/// The actions of an [ExotelStream] on its connection, in call order.
public interface ExotelActions {

  /// Opens a call.
  void open(ExotelStart start);

  /// Adds audio to the open call: whole sample frames, as received. Passes ownership of the array.
  void audio(byte[] pcm);

  /// Ends the open call.
  void end(String reason);

  /// The stream has stopped: the peer is expected to close, else the connection is closed.
  void awaitClose();

  /// Counts a violation.
  ///
  /// @param detail a name from the peer to log; may be empty
  void record(ProtocolViolation violation, long times, String detail);

  /// Closes the connection.
  ///
  /// @param reason the stable reason, for the counters and the close frame
  /// @param detail follows it in the close frame
  void close(CloseCode code, String reason, String detail);
}
