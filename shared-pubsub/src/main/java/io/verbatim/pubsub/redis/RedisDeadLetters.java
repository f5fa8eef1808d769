package io.verbatim.pubsub.redis;

import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.message.DeadLetter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dead letters on Redis: a stream with a maximum number of entries.
final class RedisDeadLetters implements DeadLetters {
  private static final Logger logger = LoggerFactory.getLogger(RedisDeadLetters.class);

  /// The number of recent reports that are remembered: each reader finds the same entry, and it is
  /// reported once.
  private static final int REMEMBERED = 256;

  private final RedisConnection redis;
  private final int max;
  private final SequencedSet<String> reported = new LinkedHashSet<>();

  RedisDeadLetters(RedisConnection redis, int max) {
    this.redis = redis;
    this.max = max;
  }

  /// Adds a dead letter without waiting, so that the reader continues.
  void report(String source, String entry, String reason) {
    if (!isNew(source + " " + entry)) {
      return;
    }
    logger.warn("entry.unreadable source={} entry={} reason=\"{}\"", source, entry, reason);
    add(source, entry, reason)
        .exceptionally(failure -> {
          logger.warn(
              "entry.unreported source={} entry={} reason=\"{}\"",
              source,
              entry,
              failure.getMessage());
          return null;
        });
  }

  private synchronized boolean isNew(String report) {
    if (!reported.add(report)) {
      return false;
    }
    if (reported.size() > REMEMBERED) {
      reported.removeFirst();
    }
    return true;
  }

  @Override
  public CompletionStage<Void> add(String source, String entry, String reason) {
    Map<String, byte[]> body =
        Map.of(
            "source",
            Reply.bytes(source),
            "entry",
            Reply.bytes(entry),
            "reason",
            Reply.bytes(reason));
    return redis
        .send(commands ->
            commands.xadd(redis.keys().deadLetters(), XAddArgs.Builder.maxlen(max), body))
        .thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<List<DeadLetter>> list() {
    return redis
        .send(commands -> commands.xrevrange(redis.keys().deadLetters(), Range.unbounded()))
        .thenApply(messages ->
            messages.stream()
                .map(message ->
                    new DeadLetter(
                        message.getId(),
                        text(message.getBody(), "source"),
                        text(message.getBody(), "entry"),
                        text(message.getBody(), "reason")))
                .toList());
  }

  private static String text(Map<String, byte[]> body, String field) {
    byte[] value = body.get(field);
    return value == null ? "" : Reply.asText(value);
  }

  @Override
  public CompletionStage<Boolean> delete(String id) {
    return redis
        .send(commands -> commands.xdel(redis.keys().deadLetters(), id))
        .thenApply(deleted -> deleted > 0);
  }

  @Override
  public CompletionStage<Long> deleteAll() {
    return redis.send(commands -> commands.xtrim(redis.keys().deadLetters(), 0));
  }
}
