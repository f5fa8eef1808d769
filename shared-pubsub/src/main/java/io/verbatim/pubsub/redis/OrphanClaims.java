package io.verbatim.pubsub.redis;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Claims the calls of workers that have been silent for the lease: in small batches and up to this
/// worker's share, so that they spread over the others. What is beyond every share goes to any
/// worker with room a little later. Confined to the event loop.
final class OrphanClaims {
  private static final Duration SCAN_INTERVAL = Duration.ofMillis(250);
  private static final Duration BATCH_INTERVAL = Duration.ofMillis(50);
  private static final int BATCH = 4;

  /// How much longer an orphan waits for a worker whose share it is.
  private static final Duration FAIRNESS = SCAN_INTERVAL.multipliedBy(2);

  private final RedisConnection redis;
  private final Announcements announcements;
  private final Duration lease;
  private final IntSupplier free;
  private final Consumer<PendingEntries> taker;
  private final Runnable onAnswer;
  private @Nullable Future<?> scans;
  private long fromNanos = System.nanoTime();
  private String cursor = Announcements.BEGINNING;
  private boolean claiming;
  private boolean stopped;
  private int asked;

  /// @param free how many more calls this worker may have
  /// @param taker given the entries that have become this worker's
  /// @param onAnswer called when a request no longer reserves room
  OrphanClaims(
      RedisConnection redis,
      Announcements announcements,
      Duration lease,
      IntSupplier free,
      Consumer<PendingEntries> taker,
      Runnable onAnswer) {
    this.redis = redis;
    this.announcements = announcements;
    this.lease = lease;
    this.free = free;
    this.taker = taker;
    this.onAnswer = onAnswer;
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

  /// While Redis stalls every entry looks idle: what is seen just afterwards does not show which
  /// workers are alive.
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
    long askedNanos = System.nanoTime();
    announcements
        .share()
        .whenComplete((share, failure) -> {
          if (System.nanoTime() - askedNanos > lease.toNanos() / 2) {
            holdOff();
          }
          if (failure == null) {
            claim(share);
          } else {
            over(Announcements.BEGINNING);
          }
        });
  }

  private void claim(Announcements.Share share) {
    boolean mine = share.calls() > 0;
    int count = (int) Math.min(free.getAsInt(), mine ? Math.min(BATCH, share.calls()) : BATCH);
    if (count <= 0 || System.nanoTime() < fromNanos) {
      over(cursor);
      return;
    }
    asked += count;
    announcements
        .claim(
            mine ? lease : lease.plus(FAIRNESS),
            cursor,
            count,
            Deadline.after(share.serverMillis(), lease.dividedBy(2)))
        .whenComplete((claimed, failure) -> {
          asked -= count;
          if (failure == null) {
            claimed(claimed);
          } else {
            over(Announcements.BEGINNING);
          }
        });
  }

  private void claimed(Announcements.Claimed claimed) {
    taker.accept(claimed.pending());
    over(claimed.cursor());
    if (!cursor.equals(Announcements.BEGINNING)) {
      redis.schedule(this::scan, BATCH_INTERVAL);
    }
  }

  private void over(String next) {
    cursor = next;
    claiming = false;
    onAnswer.run();
  }
}
