package io.verbatim.local.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What is done to the running system. One with weight 0 is done only where it is named.
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
  /// SIGSTOP, then SIGCONT.
  GATEWAY_PAUSE(1, 2_000, 6_000),
  /// `kill -9`; its callers' lines are lost, and another process follows.
  INGEST_KILL(1, 0, 0),
  /// Another process is started, then SIGTERM: its calls may finish.
  INGEST_STOP(1, 0, 0),
  /// SIGSTOP, then SIGCONT: what callers send meanwhile waits in the sockets.
  INGEST_PAUSE(1, 2_000, 6_000),
  /// The connections of the resuming callers to one ingest freeze; they go on at the other one,
  /// while this one still has their calls.
  CALLER_MOVE(1, 0, 0),
  /// Every session of the recogniser is cut without a word.
  RECOGNIZER_CUT(1, 0, 0),
  /// One session of the recogniser is cut without a word.
  SESSION_CUT(2, 0, 0),
  /// Every session of the recogniser is cut, and for some time a handshake takes 3 s.
  RECOGNIZER_SLOW(1, 2_000, 6_000),
  /// Every session of the recogniser is cut, and for some time a handshake is answered with 429.
  RECOGNIZER_REFUSES(1, 1_000, 4_000),
  /// The recogniser never sends one of its finals.
  RECOGNIZER_OMITS(1, 0, 0),
  /// The next session to end is short of its last words: the duration of its Metadata says so.
  RECOGNIZER_ENDS_SHORT(1, 0, 0),
  /// The open connections of one worker to the recogniser carry nothing more and are not closed.
  RECOGNIZER_FREEZE(1, 0, 0),
  /// The open connections of one service to Redis carry nothing more and are not closed.
  REDIS_FREEZE(2, 0, 0),
  /// The same for all services at once.
  REDIS_FREEZE_ALL(1, 0, 0),
  /// The open connections of one service to Redis carry nothing more in one direction.
  REDIS_DROP(1, 0, 0),
  /// The open connections of one service to Redis are reset.
  REDIS_CUT(1, 0, 0),
  /// One service and Redis do not reach each other, then go on where they were.
  REDIS_BLOCK(1, 500, 5_000),
  /// Everything between the services and Redis arrives 1 to 20 ms later, in each direction.
  REDIS_DELAY(1, 2_000, 5_000),
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
  REDIS_READONLY(0, 1_000, 3_000),
  /// Nothing is written because snapshots fail, as on a full disk: MISCONF.
  REDIS_DISK(0, 1_000, 3_000),
  /// Nothing is written because no replica is there: NOREPLICAS.
  REDIS_REPLICAS(0, 1_000, 3_000),
  /// The sentinels promote the replica, in order.
  SENTINEL_FAILOVER(0, 0, 0),
  /// The primary is killed, and the sentinels promote the replica.
  SENTINEL_KILL(0, 0, 0),
  /// The primary is cut off from replica and sentinels, but not from the services: for about 10 s
  /// there are two primaries.
  SENTINEL_ISOLATE(0, 0, 0);

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
    return this == WORKER_KILL || this == WORKER_STOP || this == WORKER_PAUSE;
  }
}
