package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A reader of the directory's changes. Confined to the event loop, except [#next] and [#close].
final class RedisDirectoryReader implements DirectoryReader {
  private static final Duration FAILURE_RETRY = Duration.ofMillis(250);

  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final RedisCallDirectory directory;
  private final int limit;
  private final Runnable onChange = this::markChanged;
  private @Nullable List<CallRecord> answered;
  private @Nullable CompletableFuture<List<CallRecord>> request;
  private boolean changed = true;
  private boolean reading;

  RedisDirectoryReader(
      RedisConnection redis, Invalidations invalidations, RedisCallDirectory directory, int limit) {
    this.redis = redis;
    this.invalidations = invalidations;
    this.directory = directory;
    this.limit = limit;
    redis.execute(() -> invalidations.add(redis.keys().calls(), onChange));
  }

  @Override
  public CompletionStage<List<CallRecord>> next() {
    CompletableFuture<List<CallRecord>> pending = new CompletableFuture<>();
    redis.execute(() -> {
      request = pending;
      read();
    });
    return pending;
  }

  @Override
  public void close() {
    redis.execute(() -> {
      request = null;
      invalidations.remove(redis.keys().calls(), onChange);
    });
  }

  private void markChanged() {
    changed = true;
    read();
  }

  private void read() {
    if (request == null || !changed || reading) {
      return;
    }
    changed = false;
    reading = true;
    Map<CallId, CallRecord> known = new HashMap<>();
    if (answered != null) {
      answered.forEach(record -> known.put(record.call(), record));
    }
    invalidations.trackNextRead();
    directory
        .scores(0, limit)
        .thenCompose(scores -> directory.records(scores, known))
        .whenComplete(this::answer);
  }

  private void answer(@Nullable List<CallRecord> records, @Nullable Throwable failure) {
    reading = false;
    if (failure != null || records == null) {
      redis.schedule(this::markChanged, FAILURE_RETRY);
      return;
    }
    CompletableFuture<List<CallRecord>> pending = request;
    if (pending != null && !records.equals(answered)) {
      answered = records;
      request = null;
      pending.complete(records);
      return;
    }
    read();
  }
}
