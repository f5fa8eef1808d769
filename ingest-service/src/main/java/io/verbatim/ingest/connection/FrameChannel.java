package io.verbatim.ingest.connection;

/// One open connection to a peer, as used by what runs on it. Confined to the event loop. No method
/// blocks.
public interface FrameChannel {

  /// Sends one text message. Drops and counts it if too many sent bytes are unread.
  void send(String text);

  /// Whether an unrequested message may be sent: it leaves room for the answers to the peer, which
  /// are dropped otherwise.
  boolean hasRoom();

  void ping();

  /// Closes the connection after everything sent. Messages that arrive afterwards are dropped.
  void close(CloseCode code, String reason);

  /// Enables or pauses reading. While paused, messages already read wait, and TCP flow control
  /// stops the peer.
  void reading(boolean on);
}
