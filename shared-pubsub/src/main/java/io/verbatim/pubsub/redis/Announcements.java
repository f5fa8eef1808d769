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

/// The stream of calls that want a worker, as one worker of the group sees it.
///
/// The consumer's name is made anew at every start: the pending entries of a process that died are
/// nobody's to find in their own history.
final class Announcements {
  /// A worker that was silent for so long and has no calls will not come back under its name.
  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  /// A worker's share of the calls.
  ///
  /// @param calls how many more than it has
  /// @param serverMillis the server's time
  record Share(long calls, long serverMillis) {}

  /// What a scan for silent workers found.
  ///
  /// @param cursor where the next scan goes on
  record Claimed(String cursor, PendingEntries pending) {}

  /// Where a scan begins.
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

  /// Completes also where the group is there already.
  CompletionStage<Void> createGroup() {
    return redis
        .send(commands ->
            commands.xgroupCreate(
                StreamOffset.from(redis.keys().announcements(), "0"),
                Keys.GROUP,
                XGroupCreateArgs.Builder.mkstream()))
        .handle((_, _) -> null);
  }

  /// Makes the group anew where a wiped server has forgotten it, and then does what follows;
  /// answers whether it had.
  boolean restoreGroup(Throwable failure, Runnable then) {
    boolean forgotten = String.valueOf(failure.getMessage()).contains("NOGROUP");
    if (forgotten) {
      createGroup().thenRun(then);
    }
    return forgotten;
  }

  /// Entries nobody has been given; they are pending for this worker from now on.
  ///
  /// XLEN comes first, for it arms the onChange; XREADGROUP does not.
  CompletableFuture<PendingEntries> readNew(int count) {
    redis.send(commands -> commands.xlen(redis.keys().announcements()));
    return readGroup(count, ">");
  }

  /// Entries that are pending for this worker; reading them resets their idle time.
  CompletableFuture<PendingEntries> readMine(int count) {
    return readGroup(count, "0");
  }

  /// The time is read first: no other worker can claim the entries within a lease of it.
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

  /// Entries whose worker has been silent for this long; they are pending for this worker from now
  /// on.
  ///
  /// @param deadline behind it nothing is claimed
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

  /// How many calls more than it has are this worker's share, as things stand.
  CompletableFuture<Share> share() {
    return redis
        .run(
            Script.SHARE,
            new String[] {redis.keys().announcements()},
            Reply.bytes(Keys.GROUP),
            Reply.bytes(consumer.getName()),
            Reply.bytes(lease.toMillis()),
            Reply.bytes(lease.plus(FORGOTTEN_AFTER).toMillis()))
        .thenApply(reply -> new Share(reply.number(1), reply.number(2)));
  }

  CompletionStage<Boolean> contains(String entry) {
    return redis
        .send(commands -> commands.xrange(redis.keys().announcements(), Range.create(entry, entry)))
        .thenApply(found -> !found.isEmpty());
  }

  /// Removes an entry for everyone, if it is still this worker's. Completes also on failure: it is
  /// then found again in the history.
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

  /// Replaces an entry that is still this worker's by a copy that is anybody's.
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

  /// Takes this worker's name out of the group, if nothing is pending for it.
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
