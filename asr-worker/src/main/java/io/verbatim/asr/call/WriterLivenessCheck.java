package io.verbatim.asr.call;

import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.WriterLiveness;
import org.jspecify.annotations.Nullable;

/// Checks that a call's ingest is alive, and ends the call's audio if it is not. The end is written
/// after the last audio and reaches the owner like any other. Confined to the event loop.
final class WriterLivenessCheck {
  /// The end reason of such a call.
  static final String REASON = "ingest_lost";

  private final Grant grant;
  private final CallContext context;
  private WriterLiveness liveness = WriterLiveness.NONE;
  private boolean closed;

  WriterLivenessCheck(Grant grant, CallContext context) {
    this.grant = grant;
    this.context = context;
  }

  /// Starts the checks, which stop when this is closed or the audio has ended.
  void open() {
    context.loop().after(context.settings().timing().writerCheck(), this::check);
  }

  private void check() {
    if (closed) {
      return;
    }
    context
        .bus()
        .leases()
        .abandon(
            grant.call(),
            grant.owner(),
            liveness,
            context.settings().timing().writerTimeout(),
            REASON)
        .whenComplete((outcome, _) -> checked(outcome));
  }

  /// @param outcome null if the bus was unavailable; a long outage restarts the observation
  private void checked(@Nullable AbandonOutcome outcome) {
    if (outcome instanceof AbandonOutcome.Waiting(WriterLiveness observed)) {
      liveness = observed;
    }
    if (outcome == null || outcome instanceof AbandonOutcome.Waiting) {
      open();
    }
  }

  void close() {
    closed = true;
  }
}
