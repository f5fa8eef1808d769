package io.verbatim.asr.call;

import java.time.Duration;

/// Notices audio that stops coming, and a recogniser that takes audio and gives nothing back.
/// Values in, values out.
///
/// Its patience doubles each time a new session did not help either, and is as before once
/// something comes back.
final class Watchdog {
  private static final int MOST_DOUBLINGS = 6;

  /// What is to be done.
  enum Advice {
    WAIT,
    /// No audio comes: ask for the words so far. They would be guesses for as long as nothing is
    /// said, and heard anew by whoever takes the call.
    SETTLE,
    /// Ask for words: an answer shows that it lives.
    PROBE,
    /// Give the session up.
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

  void sessionBegins() {
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

  void heard() {
    unanswered = false;
    probed = false;
    fruitless = 0;
  }

  Advice check(long nanos) {
    long silent = unanswered ? nanos - unansweredSince : 0;
    if (silent >= limitNanos << fruitless) {
      fruitless = Math.min(fruitless + 1, MOST_DOUBLINGS);
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
