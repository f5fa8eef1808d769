package io.verbatim.pubsub.memory;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A reader's place: what it asked for is looked up at once, and again whenever its key rings.
abstract class PullReader<T> implements AutoCloseable {
  private final BusThread thread;
  private final Bells bells;
  private final Object key;
  private @Nullable CompletableFuture<T> asked;
  private volatile boolean closed;

  /// Listens from now on.
  ///
  /// @param key what the reader waits for: a call, or the directory
  PullReader(BusThread thread, Bells bells, Object key) {
    this.thread = thread;
    this.bells = bells;
    this.key = key;
    thread.callBack(this::listen);
  }

  /// What is there for the reader, empty where it has to wait; moves its place behind that.
  abstract Optional<T> look();

  public CompletionStage<T> next() {
    CompletableFuture<T> answer = new CompletableFuture<>();
    thread.callBack(() -> request(answer));
    return answer;
  }

  @Override
  public void close() {
    closed = true;
    thread.callBack(() -> bells.remove(key, this));
  }

  private void listen() {
    if (!closed) {
      bells.add(key, this);
    }
  }

  private void request(CompletableFuture<T> answer) {
    if (asked != null) {
      answer.completeExceptionally(new IllegalStateException("one request at a time"));
      return;
    }
    asked = answer;
    ring();
  }

  /// Looks again.
  void ring() {
    CompletableFuture<T> waiting = asked;
    if (waiting == null || closed) {
      return;
    }
    look()
        .ifPresent(found -> {
          asked = null;
          waiting.complete(found);
        });
  }
}
