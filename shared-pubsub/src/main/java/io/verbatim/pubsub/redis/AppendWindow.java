package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/// Bounds the audio bytes of unanswered appends on the connection; further appends wait in order.
/// Confined to the event loop.
///
/// A call has at most one append in flight, so the queue is bounded by the number of calls, and
/// first in, first out is fair.
final class AppendWindow {
  private static final int MAX_UNANSWERED_BYTES = 256 * 1024;

  private record Waiting(AudioAppend append, CompletableFuture<WriteResult<AudioTail>> result) {}

  private final RedisConnection redis;
  private final RedisSettings settings;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int unanswered;

  AppendWindow(RedisConnection redis, RedisSettings settings) {
    this.redis = redis;
    this.settings = settings;
  }

  CompletableFuture<WriteResult<AudioTail>> append(AudioAppend append) {
    if (queue.isEmpty() && hasRoom(append)) {
      return send(append);
    }
    Waiting waiting = new Waiting(append, new CompletableFuture<>());
    queue.add(waiting);
    return waiting.result();
  }

  private boolean hasRoom(AudioAppend append) {
    return unanswered == 0 || unanswered + append.pcm().length <= MAX_UNANSWERED_BYTES;
  }

  private CompletableFuture<WriteResult<AudioTail>> send(AudioAppend append) {
    unanswered += append.pcm().length;
    CompletableFuture<WriteResult<AudioTail>> sent =
        redis.run(
            Script.APPEND,
            new AudioAppendReply(append),
            new AppendArguments(append, redis.keys(), settings));
    sent.whenComplete((_, _) -> {
      unanswered -= append.pcm().length;
      admit();
    });
    return sent;
  }

  private void admit() {
    while (!queue.isEmpty() && hasRoom(queue.element().append())) {
      Waiting next = queue.remove();
      send(next.append())
          .whenComplete((result, failure) -> {
            if (failure == null) {
              next.result().complete(result);
            } else {
              next.result().completeExceptionally(failure);
            }
          });
    }
  }
}
