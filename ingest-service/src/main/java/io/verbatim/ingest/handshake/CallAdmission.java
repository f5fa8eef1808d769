package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.call.AdmissionResult.Limit;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.pubsub.message.CallId;
import java.util.Optional;

/// Whether there is room for one more connection, as far as that is known before its upgrade.
/// Confined to the event loop.
public final class CallAdmission {
  private final CallRegistry calls;
  private final OpenConnections connections;
  private boolean draining;

  public CallAdmission(CallRegistry calls, OpenConnections connections) {
    this.calls = calls;
    this.connections = connections;
  }

  /// Admits none from now on: this instance is about to stop.
  public void stop() {
    draining = true;
  }

  /// Why no caller at all is admitted.
  Optional<String> closed() {
    return draining ? Optional.of("shutting_down") : Optional.empty();
  }

  /// Why this caller is not admitted.
  ///
  /// A pcm caller may be about to resume a call that has its place already, even where its old
  /// connection is not known to be lost yet: only its start can tell.
  Optional<Limit> check(Caller caller) {
    boolean mayResume =
        caller instanceof Caller.TokenHolder(Optional<String> interactionId, _)
            && interactionId.map(this::isLive).orElse(calls.hasResumable());
    if (connections.isFull()) {
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
