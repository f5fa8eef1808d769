package io.verbatim.pubsub.redis;

import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisServerAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/// The stream of calls that need a worker, accessed as one worker of the group.
///
/// The consumer's name is new at every process start, so no worker finds the pending entries of a
/// dead process in its own history.
final class Announcements {
  /// The silence after which a consumer without calls is removed: its process does not return under
  /// this name.
  private static final Duration CONSUMER_EXPIRY = Duration.ofHours(1);

  /// A worker's share of the calls.
  ///
  /// @param calls how many more calls than it has; negative if it has more than its share
  /// @param serverMillis the server's time
  record Share(long calls, long serverMillis) {}

  /// The result of a scan for silent workers.
  ///
  /// @param cursor where the next scan continues
  record Claimed(String cursor, PendingEntries pending) {}

  /// The cursor at the start of a scan.
  static final String BEGINNING = "0-0";

  private final RedisConnection redis;
  private final Duration lease;
  private final Consumer<String> consumer;

  Announcements(RedisConnection redis, String clientName, Duration lease) {
    this.redis = redis;
    this.lease = lease;
    this.consumer =
        Consumer.from(
            Keys.GROUP,
            clientName + "-" + Long.toHexString(ThreadLocalRandom.current().nextLong()));
  }

  /// This worker's name in the group, unique per process start.
  String consumer() {
    return consumer.getName();
  }

  /// Also completes if the group already exists.
  CompletionStage<Void> createGroup() {
    return redis
        .send(commands ->
            commands.xgroupCreate(
                StreamOffset.from(redis.keys().announcements(), "0"),
                Keys.GROUP,
                XGroupCreateArgs.Builder.mkstream()))
        .handle((_, _) -> null);
  }

  /// Creates the group again if the server has lost it, and then runs `then`. Returns whether the
  /// group was lost.
  boolean restoreGroup(Throwable failure, Runnable then) {
    boolean lost = String.valueOf(failure.getMessage()).contains("NOGROUP");
    if (lost) {
      createGroup().thenRun(then);
    }
    return lost;
  }

  /// Reads entries that no worker has; they are pending for this worker from now on.
  ///
  /// XLEN comes first because it arms the invalidation; XREADGROUP does not.
  CompletableFuture<PendingEntries> readNew(int count) {
    redis.send(commands -> commands.xlen(redis.keys().announcements()));
    return readGroup(count, ">");
  }

  /// Reads the entries that are pending for this worker. This resets their idle time.
  CompletableFuture<PendingEntries> readMine(int count) {
    return readGroup(count, "0");
  }

  /// Reads the server's time first: no other worker can claim the entries within a lease from then.
  private CompletableFuture<PendingEntries> readGroup(int count, String from) {
    CompletableFuture<List<byte[]>> time = redis.send(RedisServerAsyncCommands::time);
    return redis
        .send(commands ->
            commands.xreadgroup(
                consumer,
                XReadArgs.Builder.count(count),
                Offsets.of(redis.keys().announcements(), from)))
        .thenCombine(
            time,
            (messages, now) ->
                new PendingEntries(
                    messages.stream().map(Announcements::entry).toList(),
                    Deadline.after(millis(now), lease)));
  }

  private static StreamEntry entry(StreamMessage<String, byte[]> message) {
    Map<String, byte[]> body = message.getBody();
    return new StreamEntry(message.getId(), body == null ? Map.of() : body);
  }

  private static long millis(List<byte[]> time) {
    return Long.parseLong(Reply.asText(time.get(0))) * 1000
        + Long.parseLong(Reply.asText(time.get(1))) / 1000;
  }

  /// Claims entries whose worker has been silent for this long; they are pending for this worker
  /// from now on.
  ///
  /// @param deadline after it nothing is claimed
  CompletableFuture<Claimed> claim(Duration silence, String cursor, int count, Deadline deadline) {
    return redis
        .run(
            Script.CLAIM_SILENT,
            new String[] {redis.keys().announcements()},
            Reply.bytes(Keys.GROUP),
            Reply.bytes(consumer.getName()),
            Reply.bytes(silence.toMillis()),
            Reply.bytes(cursor),
            Reply.bytes(count),
            Reply.bytes(deadline.serverMillis()))
        .thenApply(reply ->
            reply.word().equals("late")
                ? new Claimed(BEGINNING, new PendingEntries(List.of(), deadline))
                : new Claimed(
                    reply.text(2),
                    new PendingEntries(
                        StreamEntry.list((List<?>) reply.values().get(3)),
                        Deadline.after(reply.number(1), lease))));
  }

  /// How many more calls are currently this worker's share.
  CompletableFuture<Share> share() {
    return redis
        .run(
            Script.SHARE,
            new String[] {redis.keys().announcements()},
            Reply.bytes(Keys.GROUP),
            Reply.bytes(consumer.getName()),
            Reply.bytes(lease.toMillis()),
            Reply.bytes(lease.plus(CONSUMER_EXPIRY).toMillis()))
        .thenApply(reply -> new Share(reply.number(1), reply.number(2)));
  }

  CompletionStage<Boolean> contains(String entry) {
    return redis
        .send(commands -> commands.xrange(redis.keys().announcements(), Range.create(entry, entry)))
        .thenApply(found -> !found.isEmpty());
  }

  /// Acknowledges and deletes an entry, if it is still pending for this worker. Also completes on
  /// failure: the next renewal then finds the entry again.
  CompletionStage<Void> discard(String entry) {
    return redis
        .run(
            Script.DISCARD,
            new String[] {redis.keys().announcements()},
            Reply.bytes(Keys.GROUP),
            Reply.bytes(consumer.getName()),
            Reply.bytes(entry))
        .handle((_, _) -> null);
  }

  /// Replaces an entry that is still pending for this worker by a copy that any worker can read.
  CompletionStage<Void> handOver(String entry) {
    return redis
        .run(
            Script.HAND_OVER,
            new String[] {redis.keys().announcements()},
            Reply.bytes(Keys.GROUP),
            Reply.bytes(consumer.getName()),
            Reply.bytes(entry))
        .thenAccept(_ -> {});
  }

  /// Removes this worker's consumer from the group, if nothing is pending for it.
  CompletionStage<Void> leave() {
    return redis
        .run(
            Script.LEAVE,
            new String[] {redis.keys().announcements()},
            Reply.bytes(Keys.GROUP),
            Reply.bytes(consumer.getName()))
        .thenAccept(_ -> {});
  }
}
