package io.verbatim.ingest.connection;

import io.netty.buffer.ByteBuf;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;

/// Interprets the messages of one connection and answers its caller. Called on the event loop, one
/// message at a time, in order. No method blocks.
public interface Dialect {

  Source source();

  /// Whether a new connection can resume the call after this one is lost.
  default boolean isResumable() {
    return source() == Source.PCM;
  }

  /// The connection is open. Called once, before any message.
  default void connected(long now) {}

  /// Receives a text message.
  ///
  /// @param text the message's UTF-8 bytes, from index 0; the array is reused afterwards
  /// @param length the number of bytes
  /// @param now monotonic time in nanoseconds
  void text(byte[] text, int length, long now);

  /// Receives a binary message. The caller releases the buffer.
  void binary(ByteBuf content, long now);

  /// Checks timeouts. Called several times a second.
  void tick(long now);

  /// Reports a problem to the peer, if the dialect supports it.
  default void report(Problem problem) {}

  /// The connection is about to be closed by this service; messages can still be sent.
  default void closing(CloseCode code) {}

  /// The call is open.
  default void opened(CallId id, long nextSeq, long storedSeq) {}

  /// Every frame up to this number is in the log.
  default void stored(long seq) {}

  /// The call's end is in the log.
  ///
  /// @param requested whether this connection ended it
  default void ended(boolean requested) {}

  /// Whether the call's audio is stored and only its last words are still on their way to the
  /// caller.
  default boolean isFinishing() {
    return false;
  }

  /// The problem to report if the log refuses to open the call.
  Problem refusal(Reason reason);

  /// The connection is closed. No further calls follow.
  default void closed() {}
}
