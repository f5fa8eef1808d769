package io.verbatim.ingest.connection;

/// One open WebSocket as its connection uses it. Confined to the event loop; nothing blocks.
interface FrameChannel {

  /// Sends one text frame. Dropped and counted where the peer has not read many before it.
  void send(String text);

  void ping();

  /// Closes the WebSocket after what was sent. Frames that arrive afterwards are dropped.
  void close(CloseCode code, String reason);

  /// Whether frames are read from the peer. While they are not, those that were read already wait,
  /// and the peer's own sends fill up and stop.
  void reading(boolean on);
}
