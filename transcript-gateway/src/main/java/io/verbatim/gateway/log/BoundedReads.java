package io.verbatim.gateway.log;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Runs a bounded number of reads at a time; further ones wait in order of arrival.
///
/// The Redis connection refuses commands above a limit, so the reads of many new clients wait here.
/// The queue holds at most one read per waiting client. Confined to the event loop.
public final class BoundedReads {

  private final int limit;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  /// @param limit how many reads run at a time
  public BoundedReads(int limit) {
    this.limit = limit;
  }

  /// Runs a read when fewer than the limit are running.
  ///
  /// @param read completes on the event loop
  public <T> CompletionStage<T> run(Supplier<CompletionStage<T>> read) {
    CompletableFuture<T> result = new CompletableFuture<>();
    waiting.add(() ->
        read.get()
            .whenComplete((value, failure) -> {
              running--;
              if (failure == null) {
                result.complete(value);
              } else {
                result.completeExceptionally(failure);
              }
              startNext();
            }));
    startNext();
    return result;
  }

  private void startNext() {
    while (running < limit && !waiting.isEmpty()) {
      running++;
      waiting.remove().run();
    }
  }
}
