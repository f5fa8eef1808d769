package io.verbatim.asr.session;

import java.time.Duration;

/// Detects audio that stops arriving, and a recogniser that receives audio and does not answer.
/// Values in, values out.
///
/// The limit doubles with each new session that does not answer either; an answer resets it.
final class Watchdog {
  private static final int MAX_DOUBLINGS = 6;

  /// What the connection must do.
  enum Action {
    WAIT,
    /// No audio arrives: request finals, because the last words would otherwise stay interim.
    SETTLE,
    /// Request finals: an answer shows that the session works.
    PROBE,
    /// Drop the session.
    RECONNECT
  }

  private final long quietAfterNanos;
  private final long probeAfterNanos;
  private final long limitNanos;
  private int unansweredSessions;
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
    unansweredSessions = 0;
  }

  Action check(long nanos) {
    long silent = unanswered ? nanos - unansweredSince : 0;
    if (silent >= limitNanos << unansweredSessions) {
      unansweredSessions = Math.min(unansweredSessions + 1, MAX_DOUBLINGS);
      unanswered = false;
      return Action.RECONNECT;
    }
    if (silent >= probeAfterNanos && !probed) {
      probed = true;
      settled = true;
      return Action.PROBE;
    }
    if (!settled && nanos - lastSent >= quietAfterNanos) {
      settled = true;
      return Action.SETTLE;
    }
    return Action.WAIT;
  }
}
