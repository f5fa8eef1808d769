package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.message.BusUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread on which everything of the bus happens, so that a request is one atomic step.
final class BusThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BusThread.class);

  private final ScheduledThreadPoolExecutor executor;

  BusThread() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("in-memory-bus").daemon().factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Carries out a request and answers with its result; fails once the bus is closed.
  <T> CompletionStage<T> ask(Supplier<T> request) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      executor.execute(() -> {
        try {
          answer.complete(request.get());
        } catch (RuntimeException e) {
          answer.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException _) {
      answer.completeExceptionally(new BusUnavailableException("the bus is closed"));
    }
    return answer;
  }

  /// Carries out a request that has no result.
  CompletionStage<Void> tell(Runnable request) {
    return ask(
            () -> {
              request.run();
              return true;
            })
        .thenAccept(_ -> {});
  }

  /// Calls somebody back, behind everything under way: what goes wrong there is not ours.
  void callBack(Runnable callback) {
    later(
        Duration.ZERO,
        () -> {
          try {
            callback.run();
          } catch (RuntimeException e) {
            log.error("bus.callback_failed", e);
          }
        });
  }

  /// Does something after a while, unless the bus is closed by then.
  void later(Duration delay, Runnable task) {
    try {
      var _ = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      // Closed: nobody is left to do it for.
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
