package io.verbatim.local.chaos;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Runs what comes later, each on a thread of its own: one fault that takes long holds up no other.
final class Later {
  static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private Later() {}

  static CompletableFuture<Void> after(Duration length, Runnable step) {
    return CompletableFuture.runAsync(
        step, CompletableFuture.delayedExecutor(length.toMillis(), TimeUnit.MILLISECONDS, THREADS));
  }
}
