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

  /// What has been read of the stream.
  final AudioEntries entries;

  /// What [AudioReads] knows of the stream.
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
    CompletableFuture<AudioSlice> asked = new CompletableFuture<>();
    redis.execute(() -> {
      request = asked;
      reads.await(this);
    });
    return asked;
  }

  @Override
  public void close() {
    redis.execute(() -> {
      request = null;
      invalidations.remove(key, onInvalidation);
      reads.forget(this);
    });
  }

  private void changed() {
    reads.changed(this);
  }

  /// A read is over. Returns whether the request is answered, or nothing is asked for any more.
  boolean answer() {
    CompletableFuture<AudioSlice> asked = request;
    if (asked == null) {
      return true;
    }
    return entries
        .takeSlice()
        .map(slice -> {
          request = null;
          return asked.complete(slice);
        })
        .orElse(false);
  }
}
