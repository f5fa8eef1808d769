package io.verbatim.ingest.websocket;

import java.time.Duration;

/// Watches one socket for silence, and for its age: times in, verdicts out. Not for use by two
/// threads at once.
///
/// Times are of any monotonic clock, in nanoseconds. While we do not read, silence says nothing.
public final class SocketWatch {

  /// What the silence calls for.
  public enum Verdict {
    NOTHING,
    PING,
    /// Counted, once per pause.
    MEDIA_STALLED,
    NO_START,
    NO_MEDIA,
    NO_PONG,
    TOO_LONG
  }

  private final SocketTimes times;
  private final long upgradedAt;
  private long frameAt;
  private long mediaAt;
  private long pingedAt;
  private boolean pinged;
  private boolean started;
  private boolean stalled;
  private boolean paused;

  public SocketWatch(SocketTimes times, long now) {
    this.times = times;
    upgradedAt = now;
    frameAt = now;
    mediaAt = now;
  }

  /// The call has begun: media is due from now on.
  public void started(long now) {
    started = true;
    media(now);
  }

  /// Any frame has come.
  public void frame(long now) {
    frameAt = now;
    pinged = false;
  }

  /// Media has come, or a ping, which counts as a sign of life.
  public void media(long now) {
    frame(now);
    mediaAt = now;
    stalled = false;
  }

  /// We stop reading, or read on.
  public void paused(boolean paused, long now) {
    if (this.paused && !paused) {
      media(now);
    }
    this.paused = paused;
  }

  public Verdict tick(long now) {
    if (isOver(times.session(), upgradedAt, now)) {
      return Verdict.TOO_LONG;
    }
    if (paused) {
      return Verdict.NOTHING;
    }
    if (!started && isOver(times.start(), upgradedAt, now)) {
      return Verdict.NO_START;
    }
    if (started && isOver(times.media(), mediaAt, now)) {
      return Verdict.NO_MEDIA;
    }
    if (pinged && isOver(times.pong(), pingedAt, now)) {
      return Verdict.NO_PONG;
    }
    if (started && !stalled && isOver(times.stall(), mediaAt, now)) {
      stalled = true;
      return Verdict.MEDIA_STALLED;
    }
    if (!pinged && isOver(times.ping(), frameAt, now)) {
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
