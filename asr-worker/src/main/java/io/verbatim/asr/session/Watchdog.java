package io.verbatim.asr.session;

import java.time.Duration;

/// Detects audio that stops arriving, and a recogniser that takes audio and answers nothing. Values
/// in, values out.
///
/// Its limit doubles with each new session that does not answer either, and is reset by an answer.
final class Watchdog {
  private static final int MAX_DOUBLINGS = 6;

  /// What to do.
  enum Advice {
    WAIT,
    /// No audio arrives: request finals, for the last words would otherwise stay interim.
    SETTLE,
    /// Request finals: an answer proves that the session works.
    PROBE,
    /// Drop the session.
    RECONNECT
  }

  private final long quietAfterNanos;
  private final long probeAfterNanos;
  private final long limitNanos;
  private int fruitless;
  private long lastSent;
  private boolean settled = true;
  private long unansweredSince;
  private boolean unanswered;
  private boolean probed;

  Watchdog(Duration quietAfter, Duration probeAfter, Duration limit) {
    quietAfterNanos = quietAfter.toNanos();
    probeAfterNanos = probeAfter.toNanos();
    limitNanos = limit.toNanos();
  }

  void sessionStarted() {
    settled = true;
    unanswered = false;
    probed = false;
  }

  void audioSent(long nanos) {
    lastSent = nanos;
    settled = false;
    if (!unanswered) {
      unanswered = true;
      unansweredSince = nanos;
    }
  }

  void answered() {
    unanswered = false;
    probed = false;
    fruitless = 0;
  }

  Advice check(long nanos) {
    long silent = unanswered ? nanos - unansweredSince : 0;
    if (silent >= limitNanos << fruitless) {
      fruitless = Math.min(fruitless + 1, MAX_DOUBLINGS);
      unanswered = false;
      return Advice.RECONNECT;
    }
    if (silent >= probeAfterNanos && !probed) {
      probed = true;
      settled = true;
      return Advice.PROBE;
    }
    if (!settled && nanos - lastSent >= quietAfterNanos) {
      settled = true;
      return Advice.SETTLE;
    }
    return Advice.WAIT;
  }
}
