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

  /// Claims up to `permits` calls and renews the claims until the leases are closed.
  ///
  /// @param holder is notified of each call that is granted or lost
  Leases hold(int permits, LeaseHolder holder);

  /// Ends the audio of a call, on behalf of its owner, if the writer has sent no heartbeat for
  /// `silence`. The owner's reader then receives the end. A check that finds the writer alive only
  /// counts as the owner's heartbeat. Due every 5 s.
  ///
  /// The silence counts only while the bus answers this owner's checks. A pause of the bus makes
  /// every heartbeat look old, so the wait starts again after a pause.
  ///
  /// @param owner the token of the owner's grant
  /// @param liveness the result of the previous check; [WriterLiveness#NONE] for the first check
  CompletionStage<AbandonOutcome> abandon(
      CallId call, String owner, WriterLiveness liveness, Duration silence, String reason);
}
