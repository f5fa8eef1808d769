package io.verbatim.pubsub.redis;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.models.stream.ClaimedMessages;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Takes the calls of workers that have fallen silent: in small gulps and up to this worker's
/// share, so that they spread over the living. What nobody's share takes, whoever has room takes a
/// little later.
///
/// On the bus's thread.
final class OrphanClaims {
  private static final Duration SCAN_INTERVAL = Duration.ofMillis(250);
  private static final Duration GULP_INTERVAL = Duration.ofMillis(50);
  private static final int GULP = 4;

  /// How much longer an orphan waits for somebody whose share it is.
  private static final Duration FAIRNESS = SCAN_INTERVAL.multipliedBy(2);

  private static final String BEGINNING = "0-0";

  private final RedisConnection redis;
  private final Announcements announcements;
  private final Duration lease;
  private final IntSupplier free;
  private final Consumer<StreamMessage<String, byte[]>> taker;
  private @Nullable Future<?> scans;
  private long fromNanos = System.nanoTime();
  private String cursor = BEGINNING;
  private boolean claiming;
  private boolean stopped;
  private int asked;

  /// @param free how many more calls this worker may have
  /// @param taker given each entry that has become this worker's
  OrphanClaims(
      RedisConnection redis,
      Announcements announcements,
      Duration lease,
      IntSupplier free,
      Consumer<StreamMessage<String, byte[]>> taker) {
    this.redis = redis;
    this.announcements = announcements;
    this.lease = lease;
    this.free = free;
    this.taker = taker;
  }

  void start() {
    scans = redis.every(SCAN_INTERVAL, this::scan);
  }

  void stop() {
    stopped = true;
    if (scans != null) {
      scans.cancel(false);
    }
  }

  /// A new connection. What was asked on the old one may be asked again on this one, and answered
  /// late.
  void reconnected() {
    claiming = false;
    holdOff();
  }

  /// While Redis stalls every entry looks idle: what is seen just afterwards says nothing about
  /// anybody's life.
  void holdOff() {
    fromNanos = System.nanoTime() + lease.toNanos();
  }

  /// How many entries are asked for and not yet answered: each may become a call.
  int asked() {
    return asked;
  }

  private void scan() {
    if (stopped || claiming || free.getAsInt() <= 0 || System.nanoTime() < fromNanos) {
      return;
    }
    claiming = true;
    announcements
        .share(lease)
        .whenComplete((share, failure) -> {
          if (failure == null) {
            claim(share);
          } else {
            over(BEGINNING);
          }
        });
  }

  private void claim(long share) {
    boolean mine = share > 0;
    int count = (int) Math.min(free.getAsInt(), mine ? Math.min(GULP, share) : GULP);
    if (count <= 0 || System.nanoTime() < fromNanos) {
      over(cursor);
      return;
    }
    asked += count;
    announcements
        .claim(mine ? lease : lease.plus(FAIRNESS), cursor, count)
        .whenComplete((claimed, failure) -> {
          asked -= count;
          if (failure == null) {
            claimed(claimed);
          } else {
            over(BEGINNING);
          }
        });
  }

  private void claimed(ClaimedMessages<String, byte[]> claimed) {
    claimed.getMessages().forEach(taker);
    over(claimed.getId());
    if (!cursor.equals(BEGINNING)) {
      redis.schedule(this::scan, GULP_INTERVAL);
    }
  }

  private void over(String next) {
    cursor = next;
    claiming = false;
  }
}
