package io.verbatim.pubsub.redis;

import io.lettuce.core.api.async.RedisServerAsyncCommands;
import java.util.List;
import java.util.OptionalLong;

/// Measures the connection by its heartbeats. Confined to the event loop, except [#snapshot].
final class ConnectionMeter {

  /// The measurements at the last heartbeat.
  record Snapshot(long connections, int unanswered, long roundTrips, long roundTripNanos) {}

  private static final long MICROS_PER_SECOND = 1_000_000;

  private final ServerClock clock = new ServerClock();
  private long connections;
  private long roundTrips;
  private long roundTripNanos;
  private volatile Snapshot snapshot = new Snapshot(0, 0, 0, 0);

  /// A connection was opened, possibly to another server.
  void connected() {
    connections++;
    clock.reset();
    publish(0);
  }

  /// Sends a heartbeat, which asks for the server's time.
  ///
  /// @param unanswered the commands that wait for an answer
  void heartbeat(RedisConnection redis, int unanswered) {
    publish(unanswered);
    long asked = System.nanoTime();
    redis.send(RedisServerAsyncCommands::time).thenAccept(time -> answered(asked, time));
  }

  private void answered(long asked, List<byte[]> time) {
    long now = System.nanoTime();
    roundTrips++;
    roundTripNanos += now - asked;
    clock.record(asked, now, micros(time));
  }

  private static long micros(List<byte[]> time) {
    return Long.parseLong(Reply.asText(time.get(0))) * MICROS_PER_SECOND
        + Long.parseLong(Reply.asText(time.get(1)));
  }

  private void publish(int unanswered) {
    snapshot = new Snapshot(connections, unanswered, roundTrips, roundTripNanos);
  }

  /// On any thread.
  Snapshot snapshot() {
    return snapshot;
  }

  /// The server's time in epoch milliseconds; empty before its first answer.
  OptionalLong serverMillis() {
    return clock.millis(System.nanoTime());
  }
}
