package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.call.AdmissionResult.Limit;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.security.http.Problem;
import java.util.Optional;

/// Checks the limits on calls and connections before an upgrade. Confined to the event loop.
public final class CallAdmission {
  private final CallRegistry calls;
  private final OpenConnections connections;
  private boolean draining;

  public CallAdmission(CallRegistry calls, OpenConnections connections) {
    this.calls = calls;
    this.connections = connections;
  }

  /// Admits no caller from now on, because this instance is about to stop.
  public void stop() {
    draining = true;
  }

  /// The reason no caller is admitted; empty if callers are admitted.
  Optional<String> closed() {
    return draining ? Optional.of("shutting_down") : Optional.empty();
  }

  /// Why no connection of any caller is admitted; empty if connections are admitted.
  public Optional<Problem> unavailable() {
    if (draining) {
      return Optional.of(
          Problem.named(503, "shutting_down", "This instance is shutting down. Try again."));
    }
    return connections.isFull()
        ? Optional.of(Problem.named(503, Limit.CONNECTIONS.code(), Limit.CONNECTIONS.sentence()))
        : Optional.empty();
  }

  /// The limit that prevents this caller's admission, if any.
  ///
  /// A pcm caller may be resuming a call that is already counted, also if the loss of its old
  /// connection is not detected yet. Only its start shows that, so such a caller is admitted.
  Optional<Limit> check(Caller caller) {
    boolean mayResume =
        caller instanceof Caller.TokenHolder(_, _, Optional<String> interactionId, _)
            && interactionId.map(this::isLive).orElse(calls.hasResumable());
    if (connections.isFull()) {
      return Optional.of(Limit.CONNECTIONS);
    }
    return mayResume ? Optional.empty() : full(tenantOf(caller));
  }

  private Optional<Limit> full(Optional<String> tenant) {
    return tenant
        .map(calls::full)
        .orElseGet(() -> calls.isFull() ? Optional.of(Limit.CALLS) : Optional.empty());
  }

  private static Optional<String> tenantOf(Caller caller) {
    return caller instanceof Caller.TokenHolder(_, _, _, Optional<String> tenantId)
        ? tenantId
        : Optional.empty();
  }

  private boolean isLive(String interactionId) {
    return CallId.isValid(interactionId) && calls.has(new CallId(interactionId));
  }
}
