package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.call.CallEntry.Limit;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.websocket.OpenSockets;
import io.verbatim.pubsub.message.CallId;
import java.util.Optional;

/// Whether there is room for one more socket, as far as that is known before its upgrade.
public final class Admission {
  private final CallRegistry calls;
  private final OpenSockets sockets;
  private volatile boolean draining;

  public Admission(CallRegistry calls, OpenSockets sockets) {
    this.calls = calls;
    this.sockets = sockets;
  }

  /// Lets nobody in from now on: this instance is about to stop.
  public void stop() {
    draining = true;
  }

  /// Why nobody at all may come in.
  Optional<String> closed() {
    return draining ? Optional.of("shutting_down") : Optional.empty();
  }

  /// Why this caller may not come in.
  ///
  /// A pcm caller may be coming back to a call that has its place already, even where its old line
  /// is not known to be lost yet: only its start can tell.
  Optional<Limit> full(Caller caller) {
    boolean mayResume =
        caller instanceof Caller.TokenHolder(Optional<String> interactionId, _)
            && interactionId.map(this::isLive).orElse(calls.hasResumable());
    if (sockets.isFull()) {
      return Optional.of(Limit.CALLS);
    }
    return mayResume ? Optional.empty() : full(tenantOf(caller));
  }

  private Optional<Limit> full(Optional<String> tenant) {
    return tenant
        .map(calls::full)
        .orElseGet(() -> calls.isFull() ? Optional.of(Limit.CALLS) : Optional.empty());
  }

  private static Optional<String> tenantOf(Caller caller) {
    return caller instanceof Caller.TokenHolder(_, Optional<String> tenantId)
        ? tenantId
        : Optional.empty();
  }

  private boolean isLive(String interactionId) {
    return CallId.isValid(interactionId) && calls.has(new CallId(interactionId));
  }
}
