package io.verbatim.pubsub.redis;

import io.lettuce.core.ScoredValue;
import io.verbatim.pubsub.CallDirectory;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.EraseOutcome;
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

/// The directory on Redis: the sorted set `calls`, and one hash per call.
final class RedisCallDirectory implements CallDirectory {
  private static final int PAGE = 500;
  private static final int MAX_SEARCHED = 10_000;

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

  /// Scores a call as active now, in server time, and removes the calls whose transcript has
  /// expired.
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

  /// Reads page by page. Of calls of other tenants only the tenant is read.
  @Override
  public CompletionStage<List<CallRecord>> newestOf(String tenant, int limit) {
    return newestOf(tenant, limit, 0, new LinkedHashMap<>());
  }

  /// @param found the calls of the previous pages; a call whose score changes meanwhile may be on
  ///   two pages
  private CompletionStage<List<CallRecord>> newestOf(
      String tenant, int limit, int from, Map<CallId, CallRecord> found) {
    return scores(from, PAGE)
        .thenCompose(page ->
            ofTenant(tenant, page)
                .thenCompose(scores -> records(scores, Map.of()))
                .thenCompose(records -> {
                  records.forEach(record -> found.put(record.call(), record));
                  int next = from + PAGE;
                  return found.size() >= limit || page.size() < PAGE || next >= MAX_SEARCHED
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
          Map<CallId, Instant> matching = new LinkedHashMap<>(scores);
          matching.keySet().removeIf(call -> !isText(tenant, tenants.get(call)));
          return matching;
        });
  }

  private static boolean isText(String text, @Nullable CompletableFuture<byte[]> answer) {
    byte @Nullable [] bytes = answer == null ? null : answer.resultNow();
    return bytes != null && Reply.asText(bytes).equals(text);
  }

  @Override
  public CompletionStage<Map<CallId, Instant>> activity(int from, int count) {
    return scores(from, count);
  }

  /// The last step removes the call from the directory, so that a failed attempt can be repeated.
  @Override
  public CompletionStage<EraseOutcome> erase(CallId call) {
    Keys keys = redis.keys();
    String[] ofCall = {
      keys.call(call), keys.transcript(call), keys.liveState(call), keys.audio(call)
    };
    return redis
        .run(Script.ERASE, ofCall)
        .thenCompose(reply -> {
          String outcome = Reply.asText(reply.values().getFirst());
          return outcome.equals("live")
              ? CompletableFuture.completedStage(EraseOutcome.LIVE)
              : redis
                  .send(commands -> commands.zrem(keys.calls(), Reply.bytes(call.value())))
                  .thenApply(
                      _ -> outcome.equals("erased") ? EraseOutcome.ERASED : EraseOutcome.UNKNOWN);
        });
  }

  @Override
  public DirectoryReader follow(int limit) {
    return new RedisDirectoryReader(redis, invalidations, this, limit);
  }

  /// The newest calls after the first `from`, with the last activity of each, newest first.
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
                  redis.keys().calls(),
                  "score " + value.getScore(),
                  "a member that is not a call id");
            }
          }
          return scores;
        });
  }

  /// The records of these calls. A record in `known` with the same last activity is not read again.
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

  /// @param lastActivity null if the call is not in the directory
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
          } catch (IllegalArgumentException invalid) {
            unreadable.report(
                redis.keys().call(call), "hash", String.valueOf(invalid.getMessage()));
            return Optional.empty();
          }
        });
  }

  /// Treats a key of another type as no record, because it must not hide the other calls.
  private Map<String, byte[]> noHash(CallId call, Throwable failure) {
    if (!WrongType.isCauseOf(failure)) {
      throw new CompletionException(failure);
    }
    unreadable.report(redis.keys().call(call), "key", "not a hash");
    return Map.of();
  }

  /// A score has fractions of a millisecond, so that two changes within one millisecond differ.
  private static Instant instant(double score) {
    return Instant.EPOCH.plus(Math.round(score * 1e3), ChronoUnit.MICROS);
  }
}
