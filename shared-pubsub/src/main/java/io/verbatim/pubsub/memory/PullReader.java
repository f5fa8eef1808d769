package io.verbatim.pubsub.memory;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A reader that answers one request at a time: it reads when the request arrives, and again at
/// each notification of its key.
abstract class PullReader<T> implements AutoCloseable {
  private final BusThread thread;
  private final InvalidationListeners listeners;
  private final Object key;
  private @Nullable CompletableFuture<T> pending;
  private volatile boolean closed;

  /// Starts to listen.
  ///
  /// @param key the key whose changes it waits for: a call, or the directory
  PullReader(BusThread thread, InvalidationListeners listeners, Object key) {
    this.thread = thread;
    this.listeners = listeners;
    this.key = key;
    thread.enqueue(this::listen);
  }

  /// Returns what is available and moves the position after it; empty if the reader must wait.
  abstract Optional<T> read();

  public CompletionStage<T> next() {
    CompletableFuture<T> answer = new CompletableFuture<>();
    thread.enqueue(() -> request(answer));
    return answer;
  }

  @Override
  public void close() {
    closed = true;
    thread.enqueue(() -> listeners.remove(key, this));
  }

  private void listen() {
    if (!closed) {
      listeners.add(key, this);
    }
  }

  private void request(CompletableFuture<T> answer) {
    if (pending != null) {
      answer.completeExceptionally(
          new IllegalStateException(
              "a request is already pending; a reader accepts one at a time"));
      return;
    }
    pending = answer;
    onChange();
  }

  /// Reads again if a request waits.
  void onChange() {
    CompletableFuture<T> waiting = pending;
    if (waiting == null || closed) {
      return;
    }
    read()
        .ifPresent(found -> {
          pending = null;
          waiting.complete(found);
        });
  }
}
