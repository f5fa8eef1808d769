package io.verbatim.gateway.hub;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread on which everything in the hub happens. Requests after its end do nothing.
final class HubThread implements Executor, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HubThread.class);

  private final ScheduledThreadPoolExecutor executor;

  HubThread() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name("transcript-hub").daemon().unstarted(task));
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(guarded(task));
    } catch (RejectedExecutionException _) {
      // The hub is closed: whoever still asks has been told so.
    }
  }

  void after(Duration delay, Runnable task) {
    try {
      executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      // As above.
    }
  }

  void every(Duration interval, Runnable task) {
    executor.scheduleWithFixedDelay(
        guarded(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// A failure in one task must not end the others, and a repeated one must go on.
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error failure) {
        log.error("hub.failed", failure);
      }
    };
  }

  /// Runs what is already asked for, then nothing more.
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException _) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
