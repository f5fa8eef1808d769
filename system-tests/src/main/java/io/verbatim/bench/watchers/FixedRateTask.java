package io.verbatim.bench.watchers;

import io.verbatim.bench.measure.Latencies;
import java.util.concurrent.locks.LockSupport;

/// Runs an action at a fixed rate by an absolute clock, on its own thread, and records the lateness
/// of each run. Its creator closes it.
public final class FixedRateTask implements AutoCloseable {
  private final Thread thread;
  private volatile Latencies lateness = new Latencies();
  private volatile boolean over;
  private volatile Throwable failure;

  /// The action.
  @FunctionalInterface
  public interface Action {
    /// Performs the run with this number, from 0.
    void run(long number);
  }

  /// Starts immediately.
  @SuppressWarnings("NullAway.Init") // no failure at first
  public FixedRateTask(double perSecond, Action action) {
    long periodNanos = Math.round(1e9 / perSecond);
    thread =
        Thread.ofPlatform()
            .name("fixed-rate-task")
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

  /// Returns the lateness so far and starts a new record.
  public Latencies swapLateness() {
    Latencies before = lateness;
    lateness = new Latencies();
    return before;
  }

  /// Stops the task.
  ///
  /// @throws IllegalStateException if the action failed
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("The load stopped because of an error.", failure);
    }
  }
}
