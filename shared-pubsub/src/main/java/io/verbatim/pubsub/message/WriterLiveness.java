package io.verbatim.pubsub.message;

import java.time.Duration;

/// How long an owner has watched a call's writer without a break, in the bus's own time: epoch
/// milliseconds.
///
/// @param sinceMillis the first of the looks that followed each other closely
/// @param untilMillis the last of them
public record WriterLiveness(long sinceMillis, long untilMillis) {

  /// Before the first look.
  public static final WriterLiveness NONE = new WriterLiveness(0, 0);

  /// Looks further apart than this are a break; look twice as often.
  public static final Duration LONGEST_STEP = Duration.ofSeconds(10);

  /// This watch with one more look.
  public WriterLiveness at(long nowMillis) {
    boolean broken = nowMillis - untilMillis > LONGEST_STEP.toMillis();
    return new WriterLiveness(broken ? nowMillis : sinceMillis, nowMillis);
  }

  /// Whether it has lasted so long.
  public boolean hasLasted(Duration silence) {
    return untilMillis - sinceMillis >= silence.toMillis();
  }
}
