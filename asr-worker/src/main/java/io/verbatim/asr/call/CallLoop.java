package io.verbatim.asr.call;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread all calls of a worker live on, and its time.
public final class CallLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CallLoop.class);

  /// Something that will be done, unless it is called off.
  interface Timer {
    void cancel();
  }

  private final ScheduledThreadPoolExecutor executor;
  private final InstantSource clock;

  public CallLoop(InstantSource clock) {
    this.clock = clock;
    this.executor =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("calls").daemon().factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Does something on the loop, behind everything asked for before; nothing once it is closed.
  void execute(Runnable task) {
    try {
      executor.execute(guarded(task));
    } catch (RejectedExecutionException _) {
      // Closed: no call is left that it could be for.
    }
  }

  /// Does something on the loop after a while.
  Timer after(Duration delay, Runnable task) {
    try {
      var pending = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> pending.cancel(false);
    } catch (RejectedExecutionException _) {
      return () -> {};
    }
  }

  /// Epoch milliseconds, for what is compared with other machines.
  long millis() {
    return clock.millis();
  }

  /// A clock that never jumps, for what is measured here.
  long nanos() {
    return System.nanoTime();
  }

  boolean isClosed() {
    return executor.isShutdown();
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        log.error("calls.task_failed", e);
      }
    };
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
