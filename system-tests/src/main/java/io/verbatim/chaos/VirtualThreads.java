package io.verbatim.chaos;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Runs each task on its own virtual thread, so that a long fault does not delay others.
final class VirtualThreads {
  static final Executor EXECUTOR = task -> Thread.ofVirtual().start(task);

  private VirtualThreads() {}

  static CompletableFuture<Void> runAfter(Duration delay, Runnable task) {
    return CompletableFuture.runAsync(
        task, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, EXECUTOR));
  }
}
