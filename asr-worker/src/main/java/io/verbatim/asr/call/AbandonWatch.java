package io.verbatim.asr.call;

import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.WriterLiveness;
import org.jspecify.annotations.Nullable;

/// Looks after the one who writes a call's audio: where ingest has died, nobody else is left to end
/// the call. The end is written behind the last audio, and comes to the owner as any other does.
///
/// Lives on the call loop.
final class AbandonWatch {
  /// Why such a call ended, as the transcript says it.
  static final String REASON = "ingest_lost";

  private final Grant grant;
  private final CallTools tools;
  private WriterLiveness watch = WriterLiveness.NONE;
  private boolean closed;

  AbandonWatch(Grant grant, CallTools tools) {
    this.grant = grant;
    this.tools = tools;
  }

  /// Looks from now on, until it is closed or there is nothing left to look after.
  void open() {
    tools.loop().after(tools.settings().timing().writerLook(), this::look);
  }

  private void look() {
    if (closed) {
      return;
    }
    tools
        .bus()
        .leases()
        .abandon(
            grant.call(), grant.owner(), watch, tools.settings().timing().writerSilence(), REASON)
        .whenComplete((outcome, _) -> tools.loop().execute(() -> looked(outcome)));
  }

  /// @param outcome null where the bus was away; the watch breaks by itself if that lasts
  private void looked(@Nullable AbandonOutcome outcome) {
    if (outcome instanceof AbandonOutcome.Waiting(WriterLiveness soFar)) {
      watch = soFar;
    }
    if (outcome == null || outcome instanceof AbandonOutcome.Waiting) {
      open();
    }
  }

  void close() {
    closed = true;
  }
}
