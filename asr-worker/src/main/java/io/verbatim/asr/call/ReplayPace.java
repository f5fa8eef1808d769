package io.verbatim.asr.call;

import java.time.Duration;

/// How much audio one session may be sent by now: what is caught up on goes faster than real time,
/// but not as fast as it can.
///
/// Live audio earns more than it needs, so it is never held back; what it saves up is limited, so
/// that a pause is not followed by a flood.
final class ReplayPace {
  private static final double MOST_SAVED_SECONDS = 5;
  private static final double HEAD_START_SECONDS = 2;

  private final double bytesPerNano;
  private final double mostSaved;
  private double saved;
  private long lastNanos;

  ReplayPace(long bytesPerSecond, double speed, long nanos) {
    bytesPerNano = bytesPerSecond * speed / Duration.ofSeconds(1).toNanos();
    mostSaved = bytesPerSecond * MOST_SAVED_SECONDS;
    saved = bytesPerSecond * HEAD_START_SECONDS;
    lastNanos = nanos;
  }

  /// Bytes that may be sent now.
  long allowed(long nanos) {
    saved = Math.min(mostSaved, saved + (nanos - lastNanos) * bytesPerNano);
    lastNanos = nanos;
    return (long) saved;
  }

  void sent(int bytes) {
    saved -= bytes;
  }
}
