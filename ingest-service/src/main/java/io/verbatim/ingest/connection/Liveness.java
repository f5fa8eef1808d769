package io.verbatim.ingest.connection;

import java.time.Duration;

/// Checks one connection's silence and age against its timeouts. Has no clock of its own. Confined
/// to the event loop.
///
/// Times are monotonic, in nanoseconds. Silence is ignored while reading is paused.
final class Liveness {

  /// The action to take.
  enum Verdict {
    NOTHING,
    PING,
    /// Count a stall; once per pause of the media.
    MEDIA_STALLED,
    NO_START,
    NO_MEDIA,
    NO_PONG,
    TOO_LONG
  }

  private final ConnectionTimeouts timeouts;
  private final long upgradedAt;
  private long frameAt;
  private long mediaAt;
  private long pingedAt;
  private boolean pinged;
  private boolean started;
  private boolean stalled;
  private boolean paused;

  Liveness(ConnectionTimeouts timeouts, long now) {
    this.timeouts = timeouts;
    upgradedAt = now;
    frameAt = now;
    mediaAt = now;
  }

  /// The call has started: media is expected from now on.
  void started(long now) {
    started = true;
    media(now);
  }

  /// Any frame has arrived.
  void frame(long now) {
    frameAt = now;
    pinged = false;
  }

  /// Media has arrived, or a ping, which counts as media.
  void media(long now) {
    frame(now);
    mediaAt = now;
    stalled = false;
  }

  /// Reading is paused or resumed.
  void paused(boolean paused, long now) {
    if (this.paused && !paused) {
      media(now);
    }
    this.paused = paused;
  }

  Verdict check(long now) {
    if (isOver(timeouts.session(), upgradedAt, now)) {
      return Verdict.TOO_LONG;
    }
    if (paused) {
      return Verdict.NOTHING;
    }
    if (!started && isOver(timeouts.start(), upgradedAt, now)) {
      return Verdict.NO_START;
    }
    if (started && isOver(timeouts.media(), mediaAt, now)) {
      return Verdict.NO_MEDIA;
    }
    if (pinged && isOver(timeouts.pong(), pingedAt, now)) {
      return Verdict.NO_PONG;
    }
    if (started && !stalled && isOver(timeouts.stall(), mediaAt, now)) {
      stalled = true;
      return Verdict.MEDIA_STALLED;
    }
    if (!pinged && isOver(timeouts.ping(), frameAt, now)) {
      pinged = true;
      pingedAt = now;
      return Verdict.PING;
    }
    return Verdict.NOTHING;
  }

  private static boolean isOver(Duration limit, long since, long now) {
    return now - since >= limit.toNanos();
  }
}
