package io.verbatim.pubsub.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Bounds the audio that is unanswered on the connection, calls in turn. On the bus's thread.
///
/// A call has one append under way at a time, so the line is as long as there are calls, and first
/// come is fair.
final class AppendWindow {
  private static final int MAX_UNANSWERED_BYTES = 256 * 1024;

  private record Waiting(
      int bytes, Supplier<CompletableFuture<Reply>> append, CompletableFuture<Reply> result) {}

  private final Deque<Waiting> line = new ArrayDeque<>();
  private int unanswered;

  void send(int bytes, Supplier<CompletableFuture<Reply>> append, CompletableFuture<Reply> result) {
    line.add(new Waiting(bytes, append, result));
    admit();
  }

  private void admit() {
    while (!line.isEmpty()
        && (unanswered == 0 || unanswered + line.element().bytes() <= MAX_UNANSWERED_BYTES)) {
      Waiting next = line.remove();
      unanswered += next.bytes();
      CompletableFuture<Reply> sent = next.append().get();
      sent.whenComplete((reply, failure) -> answered(next, reply, failure));
    }
  }

  private void answered(Waiting appended, Reply reply, @Nullable Throwable failure) {
    unanswered -= appended.bytes();
    admit();
    if (failure == null) {
      appended.result().complete(reply);
    } else {
      appended.result().completeExceptionally(failure);
    }
  }
}
