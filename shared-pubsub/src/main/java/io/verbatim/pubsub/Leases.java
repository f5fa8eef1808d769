package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallId;
import java.util.concurrent.CompletionStage;

/// The calls one worker holds, and its taking of new ones. Closing stops both without giving
/// anything back.
public interface Leases extends AutoCloseable {

  /// Gives up a call whose transcript has ended: it is done for everyone.
  CompletionStage<Void> release(CallId call);

  /// Leaves a call whose writes are refused: if it is the holder's nevertheless, it is granted
  /// anew.
  void reconsider(CallId call);

  /// Puts a call that the holder cannot work on back for others, at once.
  CompletionStage<Void> giveBack(CallId call);

  /// Takes nothing more and puts every held call back for others, at once. Completes when all are
  /// handed over.
  CompletionStage<Void> handOver();

  @Override
  void close();
}
