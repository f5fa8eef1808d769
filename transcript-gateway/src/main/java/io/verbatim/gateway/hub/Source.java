package io.verbatim.gateway.hub;

import io.verbatim.gateway.sse.SseConnection;

/// Something that a subscriber follows: it knows what the subscriber has been sent.
abstract class Source {

  /// Whether it is among those that its subscriber has still to send from.
  boolean isQueued;

  /// Sends what is new while the connection is writable. Answers whether that was all.
  abstract boolean sendTo(SseConnection connection);

  /// Bytes that are still to be sent and must not be dropped; 0 until the history has been sent.
  abstract long waitingBytes();

  /// Whether all has been sent and nothing new can come.
  abstract boolean isFinished();

  /// Stops following. Idempotent.
  abstract void close();
}
