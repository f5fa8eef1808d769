package io.verbatim.pubsub.redis;

import io.lettuce.core.ScoredValue;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The directory on Redis: the sorted set `calls`, and a hash per call.
final class RedisCallDirectory implements CallDirectory {
  private static final int PAGE = 500;
  private static final int LOOKED_THROUGH = 10_000;

  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final Duration retention;
  private final UnreadableEntries unreadable;

  RedisCallDirectory(
      RedisConnection redis,
      Invalidations invalidations,
      Duration retention,
      UnreadableEntries unreadable) {
    this.redis = redis;
    this.invalidations = invalidations;
    this.retention = retention;
    this.unreadable = unreadable;
  }

  /// Scores a call as active now, in server time, and removes those whose transcript has expired.
  CompletionStage<Void> touch(CallId call) {
    return redis
        .run(
            Script.TOUCH,
            new String[] {redis.keys().calls()},
            Reply.bytes(call.value()),
            Reply.bytes(retention.toMillis()))
        .thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<Optional<CallRecord>> find(CallId call) {
    return redis
        .send(commands -> commands.zscore(redis.keys().calls(), Reply.bytes(call.value())))
        .thenCompose(score -> record(call, score == null ? null : instant(score)));
  }

  @Override
  public CompletionStage<List<CallRecord>> newest(int limit) {
    return scores(0, limit).thenCompose(scores -> records(scores, Map.of()));
  }

  /// Page by page, of which only the tenants are read of calls that are another's.
  @Override
  public CompletionStage<List<CallRecord>> newestOf(String tenant, int limit) {
    return newestOf(tenant, limit, 0, new LinkedHashMap<>());
  }

  /// @param found what the pages before had; a call that moves while we read may be on two
  private CompletionStage<List<CallRecord>> newestOf(
      String tenant, int limit, int from, Map<CallId, CallRecord> found) {
    return scores(from, PAGE)
        .thenCompose(page ->
            ofTenant(tenant, page)
                .thenCompose(scores -> records(scores, Map.of()))
                .thenCompose(records -> {
                  records.forEach(record -> found.put(record.call(), record));
                  int next = from + PAGE;
                  return found.size() >= limit || page.size() < PAGE || next >= LOOKED_THROUGH
                      ? CompletableFuture.completedFuture(
                          found.values().stream().limit(limit).toList())
                      : newestOf(tenant, limit, next, found);
                }));
  }

  private CompletionStage<Map<CallId, Instant>> ofTenant(
      String tenant, Map<CallId, Instant> scores) {
    Map<CallId, CompletableFuture<byte[]>> tenants = new LinkedHashMap<>();
    scores
        .keySet()
        .forEach(call ->
            tenants.put(
                call,
                redis
                    .send(commands -> commands.hget(redis.keys().call(call), "tenant"))
                    .toCompletableFuture()));
    return CompletableFuture.allOf(tenants.values().toArray(new CompletableFuture<?>[0]))
        .thenApply(_ -> {
          Map<CallId, Instant> kept = new LinkedHashMap<>(scores);
          kept.keySet().removeIf(call -> !isText(tenant, tenants.get(call)));
          return kept;
        });
  }

  private static boolean isText(String text, @Nullable CompletableFuture<byte[]> answer) {
    byte @Nullable [] bytes = answer == null ? null : answer.resultNow();
    return bytes != null && Reply.asText(bytes).equals(text);
  }

  @Override
  public DirectoryReader follow(int limit) {
    return new RedisDirectoryReader(redis, invalidations, this, limit);
  }

  /// The newest calls behind the first `from`, and when each was last active, newest first.
  CompletionStage<Map<CallId, Instant>> scores(int from, int count) {
    return redis
        .send(
            commands -> commands.zrevrangeWithScores(redis.keys().calls(), from, from + count - 1))
        .thenApply(scored -> {
          Map<CallId, Instant> scores = new LinkedHashMap<>();
          for (ScoredValue<byte[]> value : scored) {
            String id = Reply.asText(value.getValue());
            if (CallId.isValid(id)) {
              scores.put(new CallId(id), instant(value.getScore()));
            } else {
              unreadable.report(
                  redis.keys().calls(), "score " + value.getScore(), "a member that is no call id");
            }
          }
          return scores;
        });
  }

  /// The records of these calls; those `known` with the same last activity are not read again.
  CompletionStage<List<CallRecord>> records(
      Map<CallId, Instant> scores, Map<CallId, CallRecord> known) {
    List<CompletableFuture<Optional<CallRecord>>> reads = new ArrayList<>(scores.size());
    scores.forEach((call, lastActivity) -> {
      CallRecord before = known.get(call);
      reads.add(
          before != null && before.lastActivity().equals(lastActivity)
              ? CompletableFuture.completedFuture(Optional.of(before))
              : record(call, lastActivity).toCompletableFuture());
    });
    return CompletableFuture.allOf(reads.toArray(new CompletableFuture<?>[0]))
        .thenApply(_ ->
            reads.stream().map(CompletableFuture::resultNow).flatMap(Optional::stream).toList());
  }

  /// @param lastActivity null where the directory does not have it
  private CompletionStage<Optional<CallRecord>> record(
      CallId call, @Nullable Instant lastActivity) {
    return redis
        .send(commands -> commands.hgetall(redis.keys().call(call)))
        .exceptionally(failure -> noHash(call, failure))
        .thenApply(fields -> {
          if (fields.isEmpty()) {
            return Optional.empty();
          }
          Map<String, String> texts = LinkedHashMap.newLinkedHashMap(fields.size());
          fields.forEach((field, value) -> texts.put(field, Reply.asText(value)));
          try {
            return Optional.of(new CallHash(call, texts).record(lastActivity));
          } catch (IllegalArgumentException notOurs) {
            unreadable.report(
                redis.keys().call(call), "hash", String.valueOf(notOurs.getMessage()));
            return Optional.empty();
          }
        });
  }

  /// One call's key of another type must not hide all other calls.
  private Map<String, byte[]> noHash(CallId call, Throwable failure) {
    if (!WrongType.isCauseOf(failure)) {
      throw new CompletionException(failure);
    }
    unreadable.report(redis.keys().call(call), "key", "not a hash");
    return Map.of();
  }

  /// A score has a fraction of milliseconds: two changes within one must not look like none.
  private static Instant instant(double score) {
    return Instant.EPOCH.plus(Math.round(score * 1e3), ChronoUnit.MICROS);
  }
}
