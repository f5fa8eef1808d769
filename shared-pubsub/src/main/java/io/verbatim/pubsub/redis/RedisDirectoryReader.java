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

/// One reader of the directory's changes. Everything but [#next] and [#close] runs on the bus's
/// thread.
final class RedisDirectoryReader implements DirectoryReader {
  private static final Duration AFTER_FAILURE = Duration.ofMillis(250);

  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final RedisCallDirectory directory;
  private final int limit;
  private final Runnable onChange = this::ring;
  private @Nullable List<CallRecord> answered;
  private @Nullable CompletableFuture<List<CallRecord>> request;
  private boolean rung = true;
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
    CompletableFuture<List<CallRecord>> asked = new CompletableFuture<>();
    redis.execute(() -> {
      request = asked;
      read();
    });
    return asked;
  }

  @Override
  public void close() {
    redis.execute(() -> {
      request = null;
      invalidations.remove(redis.keys().calls(), onChange);
    });
  }

  private void ring() {
    rung = true;
    read();
  }

  private void read() {
    if (request == null || !rung || reading) {
      return;
    }
    rung = false;
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
      redis.schedule(this::ring, AFTER_FAILURE);
      return;
    }
    CompletableFuture<List<CallRecord>> asked = request;
    if (asked != null && !records.equals(answered)) {
      answered = records;
      request = null;
      asked.complete(records);
      return;
    }
    read();
  }
}
