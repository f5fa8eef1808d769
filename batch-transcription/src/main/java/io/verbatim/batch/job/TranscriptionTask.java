package io.verbatim.batch.job;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A recording that is being transcribed. Thread-safe.
public final class TranscriptionTask {

  /// How far a task is.
  ///
  /// @param total parts; 0 while it is unknown
  public record Progress(int done, int total) {}

  private static final Logger logger = LoggerFactory.getLogger(TranscriptionTask.class);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

  private final CompletableFuture<TranscriptionResult> result = new CompletableFuture<>();
  private final AtomicReference<Progress> progress = new AtomicReference<>(new Progress(0, 0));
  private final Thread thread;

  /// @param work runs on a virtual thread, reports to this task and frees the slot at its end
  TranscriptionTask(String id, java.util.function.Consumer<TranscriptionTask> work) {
    this.thread = Thread.ofVirtual().name("recording-" + id).unstarted(() -> work.accept(this));
  }

  void start() {
    thread.start();
  }

  /// Completes on the task's thread; fails with a [io.verbatim.batch.failure.BatchException].
  public CompletionStage<TranscriptionResult> result() {
    return result.minimalCompletionStage();
  }

  public Progress progress() {
    return progress.get();
  }

  /// Whether the work has ended.
  public boolean isOver() {
    return result.isDone();
  }

  void report(int done, int total) {
    progress.set(new Progress(done, total));
  }

  void complete(TranscriptionResult value) {
    result.complete(value);
  }

  void fail(Throwable failure) {
    result.completeExceptionally(failure);
  }

  /// Waits a bounded time until the work has ended.
  void awaitEnd() {
    try {
      if (!thread.join(END_TIMEOUT)) {
        logger.warn("recording.not_ended limit={}", END_TIMEOUT);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the work: its requests and processes end, and its files are deleted.
  public void cancel() {
    thread.interrupt();
  }
}
