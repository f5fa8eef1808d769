package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.message.AudioSlice;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One reader's position in one audio stream. Confined to the event loop, except [#next] and
/// [#close].
final class RedisAudioReader implements AudioReader {
  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final AudioReads reads;
  private final String key;
  private final Runnable onInvalidation = this::changed;
  private @Nullable CompletableFuture<AudioSlice> request;

  /// The entries that have been read.
  final AudioEntries entries;

  /// The state of [AudioReads] for this stream.
  final AudioReads.State state = new AudioReads.State();

  RedisAudioReader(
      RedisConnection redis,
      Invalidations invalidations,
      AudioReads reads,
      UnreadableEntries unreadable,
      String key,
      long position) {
    this.redis = redis;
    this.invalidations = invalidations;
    this.reads = reads;
    this.key = key;
    this.entries = new AudioEntries(key, position, unreadable);
    redis.execute(() -> invalidations.add(key, onInvalidation));
  }

  @Override
  public CompletionStage<AudioSlice> next() {
    CompletableFuture<AudioSlice> pending = new CompletableFuture<>();
    redis.execute(() -> {
      request = pending;
      reads.await(this);
    });
    return pending;
  }

  @Override
  public void close() {
    redis.execute(() -> {
      request = null;
      invalidations.remove(key, onInvalidation);
      reads.remove(this);
    });
  }

  private void changed() {
    reads.changed(this);
  }

  /// Answers the request after a read, if there is audio. Returns false if a request still waits.
  boolean answer() {
    CompletableFuture<AudioSlice> pending = request;
    if (pending == null) {
      return true;
    }
    return entries
        .pollSlice()
        .map(slice -> {
          request = null;
          return pending.complete(slice);
        })
        .orElse(false);
  }
}
