package io.verbatim.pubsub;

import io.verbatim.pubsub.message.Grant;
import java.util.concurrent.CompletionStage;

/// The calls one worker holds, and its taking of new ones. Closing stops both without giving
/// anything back.
public interface Leases extends AutoCloseable {

  /// Releases a call whose transcript has ended: no worker claims it again. Nothing happens where
  /// the call is no longer held by this grant.
  CompletionStage<Void> release(Grant grant);

  /// Leaves a call whose writes are refused: if it is the holder's nevertheless, it is granted
  /// again.
  void reconsider(Grant grant);

  /// Puts a call that the holder cannot work on back for others, at once.
  CompletionStage<Void> giveBack(Grant grant);

  /// Takes nothing more and puts every held call back for others, at once. Completes when all are
  /// handed over.
  CompletionStage<Void> handOver();

  @Override
  void close();
}
