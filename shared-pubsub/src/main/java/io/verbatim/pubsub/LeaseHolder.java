package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;

/// The worker's side of its leases. Called on a thread of the bus; must not block.
public interface LeaseHolder {

  /// The call is the holder's, until [#lost] or until it releases it.
  void granted(Grant grant);

  /// The call is no longer the holder's: another has it, or the lease ran out. Its writes will be
  /// refused.
  void lost(CallId call);
}
