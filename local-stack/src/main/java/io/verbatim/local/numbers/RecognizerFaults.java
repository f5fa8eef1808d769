package io.verbatim.local.numbers;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// How the recogniser misbehaves at the moment. Thread-safe.
public final class RecognizerFaults {
  private final AtomicInteger finalsToOmit = new AtomicInteger();
  private final AtomicInteger shortEnds = new AtomicInteger();
  private volatile Duration handshakeDelay = Duration.ZERO;
  private volatile boolean refuses;

  /// From now on a handshake is answered so much later.
  public void delayHandshakes(Duration delay) {
    handshakeDelay = delay;
  }

  /// From now on a handshake is answered with 429, or not.
  public void refuse(boolean refuse) {
    refuses = refuse;
  }

  /// The next final, of whichever session, is never sent.
  public void omitFinal() {
    finalsToOmit.incrementAndGet();
  }

  /// The next session that is closed with words still to come ends without them, and its Metadata
  /// says so by a shorter duration.
  public void endShort() {
    shortEnds.incrementAndGet();
  }

  Duration handshakeDelay() {
    return handshakeDelay;
  }

  boolean refuses() {
    return refuses;
  }

  boolean omitsFinal() {
    return takeOne(finalsToOmit);
  }

  boolean endsShort() {
    return takeOne(shortEnds);
  }

  private static boolean takeOne(AtomicInteger left) {
    return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }
}
