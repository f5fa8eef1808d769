package io.verbatim.pubsub.message;

import java.time.Duration;

/// The uninterrupted period over which an owner has checked a call's writer, in the bus's time:
/// epoch milliseconds.
///
/// @param sinceMillis the first check of the period
/// @param untilMillis the last check of the period
public record WriterLiveness(long sinceMillis, long untilMillis) {

  /// The state before the first check.
  public static final WriterLiveness NONE = new WriterLiveness(0, 0);

  /// A longer interval between two checks starts a new period; check twice as often.
  public static final Duration MAX_CHECK_INTERVAL = Duration.ofSeconds(10);

  /// The state after one more check.
  public WriterLiveness checkedAt(long nowMillis) {
    boolean interrupted = nowMillis - untilMillis > MAX_CHECK_INTERVAL.toMillis();
    return new WriterLiveness(interrupted ? nowMillis : sinceMillis, nowMillis);
  }

  /// Whether the period is at least this long.
  public boolean hasLasted(Duration silence) {
    return untilMillis - sinceMillis >= silence.toMillis();
  }
}
