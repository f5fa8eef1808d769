package io.verbatim.ingest.exotel;

import io.verbatim.ingest.connection.CloseCode;

/// What an [ExotelStream] has its connection do, in the order of the calls.
public interface ExotelActions {

  /// Opens a call.
  void open(ExotelStart start);

  /// Takes audio of the open call: whole sample frames, as they were sent. The array is handed
  /// over.
  void audio(byte[] pcm);

  /// Ends the open call.
  void end(String reason);

  /// The stream has stopped: the peer closes now, or is closed.
  void awaitClose();

  /// Counts a violation.
  ///
  /// @param detail a name to log, as the peer gave it; empty where there is none
  void record(ProtocolViolation violation, long times, String detail);

  /// Closes the connection.
  ///
  /// @param reason stable, for the counters and the close frame
  void close(CloseCode code, String reason);
}
