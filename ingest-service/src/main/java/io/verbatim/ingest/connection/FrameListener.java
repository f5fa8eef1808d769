package io.verbatim.ingest.connection;

import io.netty.buffer.ByteBuf;

/// Receives what arrives on one WebSocket. Called on the event loop, one message at a time, in
/// order. No method blocks.
public interface FrameListener {

  /// The WebSocket is open. Called once, before the other methods.
  default void opened() {}

  /// Receives a text message.
  ///
  /// @param text the message's UTF-8 bytes, from index 0; the array is reused afterwards
  /// @param length the number of bytes
  void text(byte[] text, int length);

  /// Receives a binary message. The caller releases the buffer.
  void binary(ByteBuf content);

  /// Receives a ping that was answered.
  void ping();

  void pong();

  /// A message exceeds the size limit. The listener closes the channel.
  void tooLarge();

  /// The peer violates RFC 6455. The listener closes the channel.
  void violatesProtocol(String message);

  /// A method of the listener has failed. The listener closes the channel.
  void internalError();

  /// Checks timeouts. Called several times a second.
  void tick();

  /// Whether only the last words of a call are still on their way to the peer.
  default boolean isFinishing() {
    return false;
  }

  /// This instance stops. The listener closes the channel.
  void shutDown();

  /// The channel is closed, by either side. No further calls follow.
  ///
  /// @param code the peer's close code; 1006 without a close frame
  void closed(int code);
}
