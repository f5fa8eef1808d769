package io.verbatim.numbers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Interruptible waits of callers, subscribers and faults.
public final class Pauses {
  private Pauses() {}

  public static void sleep(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  /// Waits until the given time of [System#nanoTime].
  static void sleepUntil(long nanos) throws InterruptedException {
    var _ = new CountDownLatch(1).await(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
