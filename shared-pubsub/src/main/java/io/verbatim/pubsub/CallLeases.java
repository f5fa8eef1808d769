package io.verbatim.pubsub;

import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.WriterLiveness;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// The workers' claims on calls: each live call belongs to at most one worker.
///
/// Every stage may fail with
/// [BusUnavailableException][io.verbatim.pubsub.message.BusUnavailableException].
public interface CallLeases {

  /// Claims calls, as many as there are permits, and renews the claims until they are closed.
  ///
  /// @param holder notified of each call that is granted or lost
  Leases hold(int permits, LeaseHolder holder);

  /// Ends the audio of a call whose writer has sent no heartbeat for `silence`, as the call's
  /// owner; the owner's reader then meets the end. A look that finds the writer alive changes
  /// nothing, but counts as the owner's own heartbeat; due every 5 s.
  ///
  /// The silence counts only while the bus has answered this owner, look after look. A pause of the
  /// bus makes every heartbeat look old, so the wait then starts again.
  ///
  /// @param owner the token of the owner's grant
  /// @param liveness what the last look returned; at first [WriterLiveness#NONE]
  CompletionStage<AbandonOutcome> abandon(
      CallId call, String owner, WriterLiveness liveness, Duration silence, String reason);
}
