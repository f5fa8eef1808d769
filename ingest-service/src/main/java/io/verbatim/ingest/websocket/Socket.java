package io.verbatim.ingest.websocket;

/// One open WebSocket, as a dialect sees it. For use by any thread; nothing blocks.
public interface Socket {

  /// Sends one text frame. Dropped where the peer has not read many before it.
  void send(String text);

  void ping();

  /// Closes the socket once what was sent has left; only the first close counts.
  ///
  /// @param cause stable, for the counters; also the beginning of the close frame's reason
  /// @param detail may follow it there
  void close(CloseCode code, String cause, String detail);
}
