package io.verbatim.bench.watchers;

import io.verbatim.bench.measure.Latencies;
import java.util.concurrent.locks.LockSupport;

/// Runs an action at a fixed rate by an absolute clock, on a thread of its own, and records how
/// late each run begins. Its creator closes it.
public final class Pace implements AutoCloseable {
  private final Thread thread;
  private volatile Latencies lateness = new Latencies();
  private volatile boolean over;
  private volatile Throwable failure;

  /// What runs.
  @FunctionalInterface
  public interface Action {
    /// The run with this number, from 0.
    void run(long number);
  }

  /// Starts at once.
  @SuppressWarnings("NullAway.Init") // no failure at first
  public Pace(double perSecond, Action action) {
    long periodNanos = Math.round(1e9 / perSecond);
    thread =
        Thread.ofPlatform()
            .name("pace")
            .daemon()
            .start(() -> {
              try {
                loop(periodNanos, action);
              } catch (RuntimeException e) {
                failure = e;
              }
            });
  }

  private void loop(long periodNanos, Action action) {
    long start = System.nanoTime();
    for (long number = 0; !over; number++) {
      long due = start + number * periodNanos;
      for (long wait = due - System.nanoTime(); wait > 0 && !over; ) {
        LockSupport.parkNanos(wait);
        wait = due - System.nanoTime();
      }
      lateness.record(System.nanoTime() - due);
      action.run(number);
    }
  }

  /// Starts a new record of lateness, and returns the one so far.
  public Latencies swapLateness() {
    Latencies before = lateness;
    lateness = new Latencies();
    return before;
  }

  /// Ends it; fails where the action failed.
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("The load stopped.", failure);
    }
  }
}
