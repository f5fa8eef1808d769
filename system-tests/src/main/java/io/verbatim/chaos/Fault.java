package io.verbatim.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// A fault of the running system. A fault with weight 0 is injected only if it is named.
enum Fault {
  /// `kill -9`; another process replaces it.
  WORKER_KILL(4, 0, 0),
  /// SIGTERM; another process replaces it.
  WORKER_STOP(2, 0, 0),
  /// SIGSTOP for longer than the lease, then SIGCONT.
  WORKER_PAUSE(2, 3_000, 5_000),
  /// `kill -9`; it restarts on its port.
  GATEWAY_KILL(1, 0, 0),
  /// SIGTERM; it restarts on its port.
  GATEWAY_STOP(1, 0, 0),
  /// SIGSTOP, then SIGCONT.
  GATEWAY_PAUSE(1, 2_000, 6_000),
  /// `kill -9`; its callers lose their connections, and another process replaces it.
  INGEST_KILL(1, 0, 0),
  /// Starts another process, then SIGTERM: its live calls may finish.
  INGEST_STOP(1, 0, 0),
  /// SIGSTOP, then SIGCONT: frames sent in between wait in the sockets.
  INGEST_PAUSE(1, 2_000, 6_000),
  /// The connections of the resuming callers to one ingest freeze. The callers resume at another
  /// ingest while the first one still has their calls.
  CALLER_MOVE(1, 0, 0),
  /// The connections of all recogniser sessions are dropped.
  RECOGNIZER_CUT(1, 0, 0),
  /// The connection of one recogniser session is dropped.
  SESSION_CUT(2, 0, 0),
  /// All recogniser sessions are dropped, and for some time a handshake takes 3 s.
  RECOGNIZER_SLOW(1, 2_000, 6_000),
  /// All recogniser sessions are dropped, and for some time a handshake is answered with 429.
  RECOGNIZER_REFUSES(1, 1_000, 4_000),
  /// The recogniser omits one final.
  RECOGNIZER_OMITS(1, 0, 0),
  /// The next session ends without its last words, with a shorter duration in its Metadata.
  RECOGNIZER_ENDS_SHORT(1, 0, 0),
  /// The open connections of one worker to the recogniser transfer nothing and stay open.
  RECOGNIZER_FREEZE(1, 0, 0),
  /// The open connections of one service to Redis transfer nothing and stay open.
  REDIS_FREEZE(2, 0, 0),
  /// The same for all services at once.
  REDIS_FREEZE_ALL(1, 0, 0),
  /// The open connections of one service to Redis transfer nothing in one direction.
  REDIS_DROP(1, 0, 0),
  /// The open connections of one service to Redis are reset.
  REDIS_CUT(1, 0, 0),
  /// Traffic between one service and Redis stops for some time, then continues.
  REDIS_BLOCK(1, 500, 5_000),
  /// Traffic between the services and Redis is delayed by 1 to 20 ms in each direction.
  REDIS_DELAY(1, 2_000, 5_000),
  /// `kill -9`; it restarts on its port, empty or with its data from disk.
  REDIS_KILL(1, 0, 1_000),
  /// SIGSTOP, then SIGCONT.
  REDIS_PAUSE(1, 1_000, 3_000),
  /// `kill -9`; it restarts with older data, like a replica that lagged behind. Loses acknowledged
  /// audio if its ingest dies in the same second.
  REDIS_FAILOVER(0, 300, 1_000),
  /// FLUSHALL.
  REDIS_FLUSH(0, 0, 0),
  /// All connections are dropped and new ones are rejected: `max number of clients reached`.
  REDIS_CLIENTS(1, 1_000, 3_000),
  /// Commands that need memory are rejected: OOM.
  REDIS_MEMORY(0, 1_000, 3_000),
  /// Writes are rejected: READONLY.
  REDIS_READONLY(1, 1_000, 3_000),
  /// Writes are rejected because snapshots fail, as on a full disk: MISCONF.
  REDIS_DISK(1, 1_000, 3_000),
  /// Writes are rejected because there is no replica: NOREPLICAS.
  REDIS_REPLICAS(1, 1_000, 3_000),
  /// The sentinels promote a replica while the primary is reachable.
  SENTINEL_FAILOVER(0, 0, 0),
  /// The primary is killed, and the sentinels promote a replica.
  SENTINEL_KILL(0, 0, 0),
  /// The primary is isolated from replicas and sentinels, but not from the services: for about 10 s
  /// there are two primaries.
  SENTINEL_ISOLATE(0, 0, 0);

  /// The faults that may lose nothing, on a Redis that keeps its data.
  static final Set<Fault> LOSSLESS =
      Collections.unmodifiableSet(
          EnumSet.copyOf(Arrays.stream(values()).filter(fault -> fault.weight > 0).toList()));

  private final int weight;
  private final int minMillis;
  private final int maxMillis;

  Fault(int weight, int minMillis, int maxMillis) {
    this.weight = weight;
    this.minMillis = minMillis;
    this.maxMillis = maxMillis;
  }

  /// The relative frequency of the fault. Weight 0 counts as 1 if the fault is named.
  int weight() {
    return Math.max(1, weight);
  }

  /// A duration between the minimum and the maximum.
  ///
  /// @param share from 0 (minimum) to 1 (maximum)
  Duration duration(double share) {
    return Duration.ofMillis(Math.round(minMillis + share * (maxMillis - minMillis)));
  }

  /// Whether a process ends without a crash and another one replaces it, as in a deploy.
  boolean isReplacement() {
    return this == WORKER_STOP || this == GATEWAY_STOP || this == INGEST_STOP;
  }

  boolean targetsWorker() {
    return this == WORKER_KILL || this == WORKER_STOP || this == WORKER_PAUSE;
  }
}
