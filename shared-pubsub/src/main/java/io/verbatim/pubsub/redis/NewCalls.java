package io.verbatim.pubsub.redis;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Claims newly announced calls: up to this worker's share at once, and calls beyond it a little
/// later if no other worker has claimed them. So load spreads, and no call waits for a full worker.
/// Confined to the event loop.
final class NewCalls {
  /// The most calls of this worker's share in one request, so that one round trip to a distant
  /// server claims many.
  private static final int SHARE_BATCH = 32;

  /// The most calls beyond this worker's share in one request: other workers may claim the rest.
  private static final int LEFTOVER_BATCH = 2;

  /// How long calls beyond this worker's share are left to other workers.
  private static final Duration FAIRNESS = Duration.ofMillis(100);

  /// How long a call that this worker gave back is left to other workers.
  private static final Duration BACKOFF = Duration.ofMillis(500);

  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final Announcements announcements;
  private final IntSupplier freePermits;
  private final Consumer<PendingEntries> onClaimed;
  private final Runnable onChange = this::claimSoon;
  private Duration delay = Duration.ZERO;
  private boolean claimDue;
  private boolean foundNoPermit;
  private boolean stopped;
  private int requested;

  /// @param freePermits returns how many more calls this worker may hold
  /// @param onClaimed receives the entries that are now pending for this worker
  NewCalls(
      RedisConnection redis,
      Invalidations invalidations,
      Announcements announcements,
      IntSupplier freePermits,
      Consumer<PendingEntries> onClaimed) {
    this.redis = redis;
    this.invalidations = invalidations;
    this.announcements = announcements;
    this.freePermits = freePermits;
    this.onClaimed = onClaimed;
  }

  void start() {
    invalidations.add(redis.keys().announcements(), onChange);
  }

  void stop() {
    stopped = true;
    invalidations.remove(redis.keys().announcements(), onChange);
  }

  /// Delays the next claim, so that other workers can claim first.
  void backOff() {
    delay = BACKOFF;
  }

  /// The number of requested entries without a reply: each may become a call.
  int requested() {
    return requested;
  }

  /// A permit that another request had reserved may be free again.
  void permitMayBeFree() {
    if (foundNoPermit) {
      foundNoPermit = false;
      claimSoon();
    }
  }

  void claimSoon() {
    if (!claimDue && !stopped) {
      claimDue = true;
      redis.schedule(this::claimShareFirst, delay);
      delay = Duration.ZERO;
    }
  }

  private void claimShareFirst() {
    claimShareOr(() -> redis.schedule(this::claimLeftovers, FAIRNESS));
  }

  /// Claims the calls that no other worker has claimed as its share, a few at a time, until none is
  /// left. This worker's share of newer calls comes first.
  private void claimLeftovers() {
    claimShareOr(() ->
        claim(LEFTOVER_BATCH, () -> redis.schedule(this::claimLeftovers, FAIRNESS.dividedBy(2))));
  }

  private void claimShareOr(Runnable otherwise) {
    if (stopped || freePermits.getAsInt() <= 0) {
      claimDue = false;
      foundNoPermit = true;
      return;
    }
    announcements
        .share()
        .whenComplete((share, failure) -> {
          if (failure != null) {
            claimDue = false;
            announcements.restoreGroup(failure, this::claimSoon);
          } else if (share.calls() > 0) {
            claim((int) Math.min(share.calls(), SHARE_BATCH), this::claimSoon);
          } else {
            otherwise.run();
          }
        });
  }

  private void claim(int max, Runnable andThen) {
    claimDue = false;
    int count = Math.min(freePermits.getAsInt(), max);
    if (stopped || count <= 0) {
      return;
    }
    requested += count;
    invalidations.trackNextRead();
    announcements
        .readNew(count)
        .whenComplete((pending, failure) -> {
          requested -= count;
          if (failure != null) {
            announcements.restoreGroup(failure, this::claimSoon);
          } else if (!pending.entries().isEmpty()) {
            onClaimed.accept(pending);
            andThen.run();
          }
        });
  }
}
