package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.BusHealth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Counts commands that the server refuses because of its own state, such as a replica or a server
/// with a full disk. Confined to the event loop, except [#health].
///
/// After a few refusals the connection is closed, with backoff before the next: the address, or the
/// sentinels, may then lead to another server.
final class RefusedCommands {
  // Each may be part of a script's error.
  private static final String READ_ONLY = "READONLY You can't write";
  private static final List<String> MESSAGES =
      List.of(READ_ONLY, "NOREPLICAS ", "MISCONF ", "LOADING ", "MASTERDOWN ");

  /// How long the health reports the server after the last refusal.
  private static final Duration REPORT_DURATION = Duration.ofSeconds(2);

  /// The number of refusals after which the connection is closed. A replica's first refusal closes
  /// it.
  private static final int MAX_REFUSALS = 20;

  /// This time without a refusal resets the backoff.
  private static final Duration BACKOFF_RESET = Duration.ofSeconds(10);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final int MAX_DOUBLINGS = 6;

  private record Refusal(String reason, long sinceNanos, long lastNanos) {
    boolean isOlderThan(Duration age) {
      return System.nanoTime() - lastNanos > age.toNanos();
    }
  }

  private int count;
  private volatile @Nullable Refusal last;

  /// Records a failed command. Returns the reason to close the connection; empty to keep it.
  Optional<String> record(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return MESSAGES.stream().filter(message::contains).findFirst().flatMap(this::record);
  }

  private Optional<String> record(String message) {
    String reason = message.split(" ", 2)[0];
    long now = System.nanoTime();
    Refusal before = last;
    long since = before == null || before.isOlderThan(REPORT_DURATION) ? now : before.sinceNanos;
    last = new Refusal(reason, since, now);
    count++;
    return message.equals(READ_ONLY) || count % MAX_REFUSALS == 0
        ? Optional.of("the server refuses commands: " + reason)
        : Optional.empty();
  }

  /// How long to wait before the next connect: longer after each connection that refused commands.
  Duration pause() {
    Refusal before = last;
    if (before == null || before.isOlderThan(BACKOFF_RESET)) {
      count = 0;
      return Duration.ZERO;
    }
    int closedConnections = (count + MAX_REFUSALS - 1) / MAX_REFUSALS;
    return SHORTEST_PAUSE.multipliedBy(1L << Math.min(MAX_DOUBLINGS, closedConnections));
  }

  /// The health after recent refusals; empty if there are none. On any thread.
  Optional<BusHealth> health() {
    Refusal current = last;
    if (current == null || current.isOlderThan(REPORT_DURATION)) {
      return Optional.empty();
    }
    Duration refusing = Duration.ofNanos(System.nanoTime() - current.sinceNanos);
    return Optional.of(new BusHealth.Away(refusing, "redis: refuses commands: " + current.reason));
  }
}
