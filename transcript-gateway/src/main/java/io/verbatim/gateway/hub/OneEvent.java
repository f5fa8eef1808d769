package io.verbatim.gateway.hub;

import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.SseEvent;

/// A source of one event, which cannot be resumed from.
final class OneEvent extends Source {

  private final SseEvent event;
  private boolean isSent;

  OneEvent(SseEvent event) {
    this.event = event;
  }

  @Override
  boolean sendTo(SseConnection connection) {
    if (!isSent) {
      isSent = true;
      connection.writeWithoutId(event);
    }
    return true;
  }

  @Override
  long waitingBytes() {
    return 0;
  }

  @Override
  boolean isFinished() {
    return isSent;
  }

  @Override
  void close() {}
}
