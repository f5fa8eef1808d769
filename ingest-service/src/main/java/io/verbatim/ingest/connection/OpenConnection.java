package io.verbatim.ingest.connection;

/// One connection that counts for the limit on connections. Confined to the event loop.
public interface OpenConnection {

  /// Checks timeouts. Called several times a second.
  void tick();

  /// Whether only the last words of a call are still on their way to the peer.
  boolean isFinishing();

  /// Closes the connection because this instance stops.
  void shutDown();
}
