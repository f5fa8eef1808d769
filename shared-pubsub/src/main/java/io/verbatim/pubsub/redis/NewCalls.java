package io.verbatim.pubsub.redis;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Takes calls that no worker has had yet, as they are announced: up to this worker's share at
/// once, and beyond it a little later if no other worker has. So load spreads, and no call waits
/// for a worker that is full. Confined to the event loop.
final class NewCalls {
  private static final int BATCH = 2;

  /// How long a new call waits for a worker whose share it is.
  private static final Duration FAIRNESS = Duration.ofMillis(100);

  /// How long a call that was given back waits for another worker.
  private static final Duration REST = Duration.ofMillis(500);

  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final Announcements announcements;
  private final IntSupplier free;
  private final Consumer<PendingEntries> taker;
  private final Runnable onChange = this::lookSoon;
  private Duration resting = Duration.ZERO;
  private boolean lookDue;
  private boolean foundNoRoom;
  private boolean stopped;
  private int asked;

  /// @param free how many more calls this worker may have
  /// @param taker given the entries that have become this worker's
  NewCalls(
      RedisConnection redis,
      Invalidations invalidations,
      Announcements announcements,
      IntSupplier free,
      Consumer<PendingEntries> taker) {
    this.redis = redis;
    this.invalidations = invalidations;
    this.announcements = announcements;
    this.free = free;
    this.taker = taker;
  }

  void start() {
    invalidations.add(redis.keys().announcements(), onChange);
  }

  void stop() {
    stopped = true;
    invalidations.remove(redis.keys().announcements(), onChange);
  }

  /// Leaves the next call to others for a moment.
  void rest() {
    resting = REST;
  }

  /// How many entries are asked for and not yet answered: each may become a call.
  int asked() {
    return asked;
  }

  /// The room that another request had reserved is free again.
  void roomMayBeFree() {
    if (foundNoRoom) {
      foundNoRoom = false;
      lookSoon();
    }
  }

  void lookSoon() {
    if (!lookDue && !stopped) {
      lookDue = true;
      redis.schedule(this::look, resting);
      resting = Duration.ZERO;
    }
  }

  private void look() {
    takeShareOr(() -> redis.schedule(this::takeWhatIsLeft, FAIRNESS));
  }

  /// No worker whose share it is has taken it: take a few at a time until none is left. What came
  /// meanwhile is shared first.
  private void takeWhatIsLeft() {
    takeShareOr(
        () -> take(BATCH, () -> redis.schedule(this::takeWhatIsLeft, FAIRNESS.dividedBy(2))));
  }

  private void takeShareOr(Runnable whereThereIsNone) {
    if (stopped || free.getAsInt() <= 0) {
      lookDue = false;
      foundNoRoom = true;
      return;
    }
    announcements
        .share()
        .whenComplete((share, failure) -> {
          if (failure != null) {
            lookDue = false;
            announcements.restoreGroup(failure, this::lookSoon);
          } else if (share.calls() > 0) {
            take((int) Math.min(share.calls(), BATCH), this::lookSoon);
          } else {
            whereThereIsNone.run();
          }
        });
  }

  private void take(int most, Runnable andThen) {
    lookDue = false;
    int count = Math.min(free.getAsInt(), most);
    if (stopped || count <= 0) {
      return;
    }
    asked += count;
    invalidations.trackNextRead();
    announcements
        .readNew(count)
        .whenComplete((pending, failure) -> {
          asked -= count;
          if (failure != null) {
            announcements.restoreGroup(failure, this::lookSoon);
          } else if (!pending.entries().isEmpty()) {
            taker.accept(pending);
            andThen.run();
          }
        });
  }
}
