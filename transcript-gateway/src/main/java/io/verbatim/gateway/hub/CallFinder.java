package io.verbatim.gateway.hub;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.pubsub.message.CallId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Finds a call for a viewer.
@FunctionalInterface
public interface CallFinder {

  /// The call that the viewer may see; else a call of another tenant with this id, if there is one.
  /// Empty if the call has not begun. Identical lookups share one answer.
  CompletionStage<Optional<FoundCall>> find(CallId call, Viewer viewer);
}
