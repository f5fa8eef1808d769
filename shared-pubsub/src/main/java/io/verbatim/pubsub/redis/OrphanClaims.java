package io.verbatim.pubsub.redis;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Claims the calls of workers that have been silent for the lease, in small batches up to this
/// worker's share, so that they spread over the live workers. A little later, calls beyond every
/// share go to any worker with a free permit. Confined to the event loop.
final class OrphanClaims {
  private static final Duration SCAN_INTERVAL = Duration.ofMillis(250);
  private static final Duration BATCH_INTERVAL = Duration.ofMillis(50);
  private static final int BATCH = 4;

  /// How much longer orphans beyond this worker's share are left to other workers.
  private static final Duration FAIRNESS = SCAN_INTERVAL.multipliedBy(2);

  private final RedisConnection redis;
  private final Announcements announcements;
  private final Duration lease;
  private final IntSupplier freePermits;
  private final Consumer<PendingEntries> onClaimed;
  private final Runnable onAnswer;
  private @Nullable Future<?> scans;
  private long fromNanos = System.nanoTime();
  private String cursor = Announcements.BEGINNING;
  private boolean claiming;
  private boolean stopped;
  private int requested;

  /// @param freePermits returns how many more calls this worker may hold
  /// @param onClaimed receives the entries that are now pending for this worker
  /// @param onAnswer called when a request no longer reserves permits
  OrphanClaims(
      RedisConnection redis,
      Announcements announcements,
      Duration lease,
      IntSupplier freePermits,
      Consumer<PendingEntries> onClaimed,
      Runnable onAnswer) {
    this.redis = redis;
    this.announcements = announcements;
    this.lease = lease;
    this.freePermits = freePermits;
    this.onClaimed = onClaimed;
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

  /// Resets after a reconnect. A request of the old connection may be repeated on the new one and
  /// answered late.
  void reconnected() {
    claiming = false;
    holdOff();
  }

  /// Claims nothing for one lease. While Redis stalls every entry looks idle, so the idle times do
  /// not show which workers are alive.
  void holdOff() {
    fromNanos = System.nanoTime() + lease.toNanos();
  }

  /// The number of requested entries without a reply: each may become a call.
  int requested() {
    return requested;
  }

  private void scan() {
    if (stopped || claiming || freePermits.getAsInt() <= 0 || System.nanoTime() < fromNanos) {
      return;
    }
    claiming = true;
    long requestedNanos = System.nanoTime();
    announcements
        .share()
        .whenComplete((share, failure) -> {
          if (System.nanoTime() - requestedNanos > lease.toNanos() / 2) {
            holdOff();
          }
          if (failure == null) {
            claim(share);
          } else {
            finish(Announcements.BEGINNING);
          }
        });
  }

  private void claim(Announcements.Share share) {
    boolean mine = share.calls() > 0;
    int count =
        (int) Math.min(freePermits.getAsInt(), mine ? Math.min(BATCH, share.calls()) : BATCH);
    if (count <= 0 || System.nanoTime() < fromNanos) {
      finish(cursor);
      return;
    }
    requested += count;
    announcements
        .claim(
            mine ? lease : lease.plus(FAIRNESS),
            cursor,
            count,
            Deadline.after(share.serverMillis(), lease.dividedBy(2)))
        .whenComplete((claimed, failure) -> {
          requested -= count;
          if (failure == null) {
            claimed(claimed);
          } else {
            finish(Announcements.BEGINNING);
          }
        });
  }

  private void claimed(Announcements.Claimed claimed) {
    onClaimed.accept(claimed.pending());
    finish(claimed.cursor());
    if (!cursor.equals(Announcements.BEGINNING)) {
      redis.schedule(this::scan, BATCH_INTERVAL);
    }
  }

  private void finish(String next) {
    cursor = next;
    claiming = false;
    onAnswer.run();
  }
}
