package io.verbatim.pubsub;

import io.verbatim.pubsub.message.Grant;
import java.util.concurrent.CompletionStage;

/// The calls that one worker holds, and its claiming of new calls. [#close] stops both without
/// handing calls over: their leases expire.
public interface Leases extends AutoCloseable {

  /// Releases a call whose transcript has ended: no worker claims it again. Does nothing if this
  /// grant no longer holds the call.
  CompletionStage<Void> release(Grant grant);

  /// Drops a call whose writes are refused and checks its owner. If the holder still owns it, the
  /// call is granted again.
  void revalidate(Grant grant);

  /// Returns a call that the holder cannot process, so that other workers claim it at once.
  CompletionStage<Void> giveBack(Grant grant);

  /// Claims no further call; a claim in flight is given back. Held calls are kept. From the bus's
  /// loop, takes effect at once: the holder is granted nothing more.
  CompletionStage<Void> stopClaiming();

  /// Stops claiming and hands every held call over, so that other workers claim them at once.
  /// Completes when all calls are handed over.
  CompletionStage<Void> handOver();

  @Override
  void close();
}
