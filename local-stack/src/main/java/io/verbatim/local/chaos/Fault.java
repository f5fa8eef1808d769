package io.verbatim.local.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What is done to the running system.
enum Fault {
  /// `kill -9`; another process follows.
  WORKER_KILL(4, 0, 0),
  /// SIGTERM; another process follows.
  WORKER_STOP(2, 0, 0),
  /// SIGSTOP for longer than the lease, then SIGCONT.
  WORKER_PAUSE(2, 3_000, 5_000),
  /// `kill -9`; it comes back on its port.
  GATEWAY_KILL(1, 0, 0),
  /// SIGTERM; it comes back on its port.
  GATEWAY_STOP(1, 0, 0),
  /// `kill -9`; its callers' lines are lost, and another process follows.
  INGEST_KILL(1, 0, 0),
  /// Another process is started, then SIGTERM: its calls may finish.
  INGEST_STOP(1, 0, 0),
  /// Every session of the recogniser is cut without a word.
  RECOGNIZER_CUT(1, 0, 0),
  /// One session of the recogniser is cut without a word.
  SESSION_CUT(2, 0, 0),
  /// `kill -9`; it comes back on its port, empty or with what it had on disk.
  REDIS_KILL(1, 0, 1_000),
  /// SIGSTOP, then SIGCONT.
  REDIS_PAUSE(1, 1_000, 3_000),
  /// `kill -9`, and it comes back with what it had that long before: a replica that lagged behind.
  REDIS_FAILOVER(0, 300, 1_000),
  /// FLUSHALL.
  REDIS_FLUSH(0, 0, 0),
  /// All connections are dropped, and none is let in: `max number of clients reached`.
  REDIS_CLIENTS(0, 1_000, 3_000),
  /// Nothing that needs memory is taken: OOM.
  REDIS_MEMORY(0, 1_000, 3_000),
  /// Nothing is written: READONLY.
  REDIS_READONLY(0, 1_000, 3_000);

  /// Those that may lose nothing, on a Redis that keeps its data.
  static final Set<Fault> HARMLESS =
      Collections.unmodifiableSet(
          EnumSet.copyOf(Arrays.stream(values()).filter(fault -> fault.weight > 0).toList()));

  private final int weight;
  private final int shortestMillis;
  private final int longestMillis;

  Fault(int weight, int shortestMillis, int longestMillis) {
    this.weight = weight;
    this.shortestMillis = shortestMillis;
    this.longestMillis = longestMillis;
  }

  /// How often it comes, among others; those that come only when named count as one.
  int weight() {
    return Math.max(1, weight);
  }

  /// A length for it, from its shortest to its longest.
  ///
  /// @param share from 0 to 1
  Duration lasting(double share) {
    return Duration.ofMillis(Math.round(shortestMillis + share * (longestMillis - shortestMillis)));
  }

  boolean befallsAWorker() {
    return switch (this) {
      case WORKER_KILL, WORKER_STOP, WORKER_PAUSE -> true;
      case GATEWAY_KILL,
          GATEWAY_STOP,
          INGEST_KILL,
          INGEST_STOP,
          RECOGNIZER_CUT,
          SESSION_CUT,
          REDIS_KILL,
          REDIS_PAUSE,
          REDIS_FAILOVER,
          REDIS_FLUSH,
          REDIS_CLIENTS,
          REDIS_MEMORY,
          REDIS_READONLY ->
          false;
    };
  }
}
