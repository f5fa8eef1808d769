package io.verbatim.ingest.connection;

import io.netty.buffer.ByteBuf;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;

/// What the messages of one connection mean, and what its caller is told. Called on the event loop,
/// one message at a time, in order; nothing blocks.
public interface Dialect {

  Source source();

  /// Receives a text message.
  ///
  /// @param text its UTF-8 bytes, from the first on; the array is reused afterwards
  /// @param length how many of them there are
  /// @param now monotonic, in nanoseconds
  void text(byte[] text, int length, long now);

  /// Receives a binary message; the buffer stays the caller's.
  void binary(ByteBuf content, long now);

  /// Time has passed; called several times a second.
  void tick(long now);

  /// Tells the peer of a problem, where the dialect can.
  default void report(Problem problem) {}

  /// The call is open.
  default void opened(CallId id, long nextSeq, long storedSeq) {}

  /// Every frame up to this number is in the log.
  default void stored(long seq) {}

  /// The call's end is in the log.
  ///
  /// @param requested whether this connection has ended it
  default void ended(boolean requested) {}

  /// Why the log refused to open the call.
  Problem refusal(Reason reason);

  /// The connection is gone; nothing follows.
  default void closed() {}
}
