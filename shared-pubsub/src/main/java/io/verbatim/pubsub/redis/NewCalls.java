package io.verbatim.pubsub.redis;

import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Takes calls nobody has had yet, as they are announced: up to this worker's share at once, and
/// beyond it a little later if nobody else has. So load spreads, and no call waits for a worker
/// that is full.
///
/// On the bus's thread.
final class NewCalls {
  private static final int GULP = 2;

  /// How long a new call waits for a worker whose share it is.
  private static final Duration FAIRNESS = Duration.ofMillis(100);

  /// How long a call that was given back waits for another worker.
  private static final Duration REST = Duration.ofMillis(500);

  private final RedisConnection redis;
  private final Invalidations invalidations;
  private final Announcements announcements;
  private final Duration lease;
  private final IntSupplier free;
  private final Consumer<StreamMessage<String, byte[]>> taker;
  private final Runnable onChange = this::lookSoon;
  private Duration resting = Duration.ZERO;
  private boolean lookDue;
  private boolean stopped;
  private int asked;

  /// @param free how many more calls this worker may have
  /// @param taker given each entry that has become this worker's
  NewCalls(
      RedisConnection redis,
      Invalidations invalidations,
      Announcements announcements,
      Duration lease,
      IntSupplier free,
      Consumer<StreamMessage<String, byte[]>> taker) {
    this.redis = redis;
    this.invalidations = invalidations;
    this.announcements = announcements;
    this.lease = lease;
    this.free = free;
    this.taker = taker;
  }

  void start() {
    invalidations.add(Keys.ANNOUNCEMENTS, onChange);
  }

  void stop() {
    stopped = true;
    invalidations.remove(Keys.ANNOUNCEMENTS, onChange);
  }

  /// Leaves the next call to others for a moment.
  void rest() {
    resting = REST;
  }

  /// How many entries are asked for and not yet answered: each may become a call.
  int asked() {
    return asked;
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

  /// Nobody whose share it is has taken it: on, a little at a time, until nothing is left. What
  /// came meanwhile is shared first.
  private void takeWhatIsLeft() {
    takeShareOr(
        () -> take(GULP, () -> redis.schedule(this::takeWhatIsLeft, FAIRNESS.dividedBy(2))));
  }

  private void takeShareOr(Runnable whereThereIsNone) {
    if (stopped || free.getAsInt() <= 0) {
      lookDue = false;
      return;
    }
    announcements
        .share(lease)
        .whenComplete((share, failure) -> {
          if (failure != null) {
            lookDue = false;
            announcements.restoreGroup(failure, this::lookSoon);
          } else if (share > 0) {
            take((int) Math.min(share, GULP), this::lookSoon);
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
        .whenComplete((messages, failure) -> {
          asked -= count;
          if (failure != null) {
            announcements.restoreGroup(failure, this::lookSoon);
          } else if (!messages.isEmpty()) {
            messages.forEach(taker);
            andThen.run();
          }
        });
  }
}
