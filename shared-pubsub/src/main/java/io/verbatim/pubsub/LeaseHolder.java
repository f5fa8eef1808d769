package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;

/// Receives the lease events of one worker. Called on the bus's event loop; must not block.
public interface LeaseHolder {

  /// The holder owns the call until [#lost], or until it releases the call.
  void granted(Grant grant);

  /// The holder no longer owns the call: another worker claimed it, or the lease expired. The log
  /// refuses further writes of the holder.
  void lost(CallId call);
}
