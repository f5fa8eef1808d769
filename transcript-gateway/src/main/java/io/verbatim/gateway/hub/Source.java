package io.verbatim.gateway.hub;

import io.verbatim.gateway.sse.SseConnection;

/// A source of events for one subscriber. It knows what the subscriber was sent.
abstract class Source {

  /// Whether the subscriber must still send from this source.
  boolean isQueued;

  /// Sends new events while the connection is writable. Returns whether all were sent.
  abstract boolean sendTo(SseConnection connection);

  /// Bytes that still must be sent; 0 until the history has been sent.
  abstract long waitingBytes();

  /// Whether all events were sent and no new ones can follow.
  abstract boolean isFinished();

  /// Stops the source. Idempotent.
  abstract void close();
}
