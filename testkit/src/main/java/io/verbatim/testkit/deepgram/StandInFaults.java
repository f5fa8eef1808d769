package io.verbatim.testkit.deepgram;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Faults that begin and end while sessions run, in addition to those of their plans. Thread-safe.
public final class StandInFaults {
  private final AtomicInteger finalsToOmit = new AtomicInteger();
  private final AtomicInteger shortEnds = new AtomicInteger();
  private volatile Duration handshakeDelay = Duration.ZERO;
  private volatile HandshakeQuota quota = new HandshakeQuota(Integer.MAX_VALUE);
  private volatile boolean refuses;

  /// Delays the answers to handshakes from now on; zero ends the fault.
  public void delayHandshakes(Duration delay) {
    handshakeDelay = delay;
  }

  /// Refuses further handshakes above this rate with 429.
  public void limitHandshakes(int perSecond) {
    quota = new HandshakeQuota(perSecond);
  }

  /// Sets whether all handshakes are refused with 429 from now on.
  public void refuse(boolean refuse) {
    refuses = refuse;
  }

  /// Omits the next final of any session.
  public void omitFinal() {
    finalsToOmit.incrementAndGet();
  }

  /// Ends the next closed session that has pending words without them; the duration in its Metadata
  /// is shorter accordingly.
  public void endShort() {
    shortEnds.incrementAndGet();
  }

  /// Handshakes refused above the rate.
  public int refusedHandshakes() {
    return quota.refused();
  }

  /// The most handshakes refused within a second, above the rate.
  public int mostRefusedPerSecond() {
    return quota.mostRefusedPerSecond();
  }

  Duration handshakeDelay() {
    return handshakeDelay;
  }

  boolean accepts(long nanos) {
    return !refuses && quota.accepts(nanos);
  }

  boolean omitsFinal() {
    return decrement(finalsToOmit);
  }

  boolean endsShort() {
    return decrement(shortEnds);
  }

  private static boolean decrement(AtomicInteger left) {
    return left.get() > 0 && left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }
}
