package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.BusHealth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The commands that a server answered and refused because of its own state, as a replica or one
/// with a full disk does. Confined to the event loop, except for [#health].
///
/// Such a server is left after a few refusals, with backoff: behind its address, or named by the
/// sentinels, may be another one.
final class Refusals {
  // Each also as part of what a script failed with.
  private static final String READ_ONLY = "READONLY You can't write";
  private static final List<String> MESSAGES =
      List.of(READ_ONLY, "NOREPLICAS ", "MISCONF ", "LOADING ", "MASTERDOWN ");

  /// The server is reported for so long after the last refusal.
  private static final Duration MEMORY = Duration.ofSeconds(2);

  /// Refusals after which a server is left. A replica is left at the first.
  private static final int MAX = 20;

  /// So long without a refusal resets the backoff.
  private static final Duration ACCEPTED = Duration.ofSeconds(10);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final int MAX_DOUBLINGS = 6;

  private record Refusal(String reason, long sinceNanos, long lastNanos) {
    boolean isOlderThan(Duration age) {
      return System.nanoTime() - lastNanos > age.toNanos();
    }
  }

  private int count;
  private volatile @Nullable Refusal last;

  /// Records a failed command. Returns why the server must be left; empty where it need not be.
  Optional<String> record(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return MESSAGES.stream().filter(message::contains).findFirst().flatMap(this::record);
  }

  private Optional<String> record(String message) {
    String reason = message.split(" ", 2)[0];
    long now = System.nanoTime();
    Refusal before = last;
    long since = before == null || before.isOlderThan(MEMORY) ? now : before.sinceNanos;
    last = new Refusal(reason, since, now);
    count++;
    return message.equals(READ_ONLY) || count % MAX == 0
        ? Optional.of("the server refuses commands: " + reason)
        : Optional.empty();
  }

  /// How long to wait before the next connection: longer with each server that refused.
  Duration pause() {
    Refusal before = last;
    if (before == null || before.isOlderThan(ACCEPTED)) {
      count = 0;
      return Duration.ZERO;
    }
    int left = (count + MAX - 1) / MAX;
    return SHORTEST_PAUSE.multipliedBy(1L << Math.min(MAX_DOUBLINGS, left));
  }

  /// Empty where the server refused nothing lately. On any thread.
  Optional<BusHealth> health() {
    Refusal current = last;
    if (current == null || current.isOlderThan(MEMORY)) {
      return Optional.empty();
    }
    Duration refusing = Duration.ofNanos(System.nanoTime() - current.sinceNanos);
    return Optional.of(new BusHealth.Away(refusing, "redis: refuses commands: " + current.reason));
  }
}
