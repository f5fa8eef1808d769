package io.verbatim.local.numbers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How callers, watchers and faults let time pass.
public final class Pauses {
  private Pauses() {}

  public static void rest(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  /// Rests until this moment of [System#nanoTime].
  static void until(long nanos) throws InterruptedException {
    var _ = new CountDownLatch(1).await(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
