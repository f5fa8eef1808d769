package io.verbatim.chaos;

import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.StandInFaults;
import io.verbatim.testkit.redis.RedisSentinels;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Injects faults into the running system. Used by one thread; faults may overlap.
final class FaultInjector {
  private static final int MIN_CLIENTS = 1;
  private static final long MIN_MEMORY_BYTES = 1;
  private static final int DEFAULT_CLIENTS = 10_000;
  private static final Duration SLOW_HANDSHAKE = Duration.ofSeconds(3);

  /// The end of a fault without a duration.
  static final CompletableFuture<Void> INSTANT = CompletableFuture.completedFuture(null);

  private final Cluster cluster;
  private final DeepgramStandIn recognizer;
  private final LoadGenerator callers;
  private final Takeovers takeovers;
  private final RouteFaults routes;
  private CompletableFuture<Void> redisFault = INSTANT;
  private CompletableFuture<Void> recognizerFault = INSTANT;

  /// An injected fault.
  ///
  /// @param target the affected process or connections, for reports
  /// @param over completes when the fault has ended; a killed process may be down for longer
  record Injection(String target, CompletableFuture<Void> over) {}

  FaultInjector(
      Cluster cluster, DeepgramStandIn recognizer, LoadGenerator callers, Takeovers takeovers) {
    this.cluster = cluster;
    this.recognizer = recognizer;
    this.callers = callers;
    this.takeovers = takeovers;
    routes = new RouteFaults(cluster);
  }

  /// Injects a fault if its target is available. A worker is affected only while another one is up,
  /// and Redis has at most one fault at a time.
  ///
  /// @return empty if the target is not available; nothing has happened then
  Optional<Injection> inject(PlannedFault fault) {
    return switch (fault.kind()) {
      case WORKER_KILL, WORKER_STOP, WORKER_PAUSE -> worker(fault);
      case GATEWAY_KILL ->
          up(cluster.gateways(), fault)
              .map(gateway -> {
                String target = gateway.processName();
                gateway.kill();
                return new Injection(target, INSTANT);
              });
      case GATEWAY_STOP ->
          up(cluster.gateways(), fault)
              .map(gateway -> new Injection(gateway.processName(), gateway.stop()));
      case INGEST_KILL ->
          up(cluster.ingests(), fault)
              .map(ingest -> {
                String target = ingest.processName();
                ingest.kill();
                return new Injection(target, INSTANT);
              });
      case INGEST_STOP ->
          up(cluster.ingests(), fault)
              .map(ingest -> new Injection(ingest.processName(), ingest.replace()));
      case INGEST_PAUSE ->
          up(cluster.ingests(), fault)
              .map(ingest -> new Injection(ingest.processName(), ingest.pause(fault.duration())));
      case GATEWAY_PAUSE ->
          up(cluster.gateways(), fault)
              .map(
                  gateway -> new Injection(gateway.processName(), gateway.pause(fault.duration())));
      case CALLER_MOVE -> moveCallers(fault);
      case RECOGNIZER_CUT ->
          Optional.of(new Injection(recognizer.dropAll() + " sessions", INSTANT));
      case RECOGNIZER_SLOW, RECOGNIZER_REFUSES, RECOGNIZER_OMITS, RECOGNIZER_ENDS_SHORT ->
          recognizer(fault);
      case SESSION_CUT -> {
        OptionalInt cut = recognizer.dropOne(fault.target());
        yield cut.isEmpty()
            ? Optional.empty()
            : Optional.of(new Injection("session of call " + cut.getAsInt(), INSTANT));
      }
      case RECOGNIZER_FREEZE,
          REDIS_FREEZE,
          REDIS_FREEZE_ALL,
          REDIS_DROP,
          REDIS_CUT,
          REDIS_BLOCK,
          REDIS_DELAY ->
          routes.inject(fault);
      case REDIS_KILL,
          REDIS_PAUSE,
          REDIS_FAILOVER,
          REDIS_FLUSH,
          REDIS_CLIENTS,
          REDIS_MEMORY,
          REDIS_READONLY,
          REDIS_DISK,
          REDIS_REPLICAS ->
          redis(fault);
      case SENTINEL_FAILOVER -> sentinel(RedisSentinels::failOver);
      case SENTINEL_KILL -> sentinel(RedisSentinels::killPrimary);
      case SENTINEL_ISOLATE -> sentinel(RedisSentinels::isolatePrimary);
    };
  }

  /// The first slot that is up, starting at the fault's target.
  static Optional<ServiceSlot> up(List<ServiceSlot> slots, PlannedFault fault) {
    return up(slots, fault, _ -> true);
  }

  /// The first slot that is up and for which a step succeeds, starting at the fault's target.
  ///
  /// @param step is tried on one slot after another
  static Optional<ServiceSlot> up(
      List<ServiceSlot> slots, PlannedFault fault, Predicate<ServiceSlot> step) {
    return IntStream.range(0, slots.size())
        .mapToObj(i -> slots.get(Math.floorMod(fault.target() + i, slots.size())))
        .filter(ServiceSlot::isUp)
        .filter(step)
        .findFirst();
  }

  /// Freezes the callers' connections, so that the ingest does not notice their loss. The callers
  /// reconnect to another ingest, and both ingests have the calls.
  private Optional<Injection> moveCallers(PlannedFault fault) {
    return up(cluster.ingests(), fault, ingest -> ingest.clientRoute().freeze() > 0)
        .map(ingest -> {
          int moved = callers.closeConnections(Cluster.routedUrl(ingest));
          return new Injection(moved + " callers of " + ingest.processName(), INSTANT);
        });
  }

  private Optional<Injection> worker(PlannedFault fault) {
    if (cluster.workers().stream().filter(ServiceSlot::isUp).count() < 2) {
      return Optional.empty();
    }
    return up(cluster.workers(), fault)
        .map(worker -> {
          String name = worker.processName();
          List<Integer> calls = recognizer.callsOf(name);
          takeovers.orphaned(calls, fault.number(), name);
          String target = name + " with " + calls.size() + " calls";
          if (fault.kind() == Fault.WORKER_PAUSE) {
            return new Injection(target, worker.pause(fault.duration()));
          }
          if (fault.kind() == Fault.WORKER_STOP) {
            return new Injection(target, worker.stop());
          }
          worker.kill();
          return new Injection(target, INSTANT);
        });
  }

  private Optional<Injection> recognizer(PlannedFault fault) {
    if (!recognizerFault.isDone()) {
      return Optional.empty();
    }
    StandInFaults faults = recognizer.faults();
    switch (fault.kind()) {
      case RECOGNIZER_SLOW -> {
        faults.delayHandshakes(SLOW_HANDSHAKE);
        recognizerFault =
            VirtualThreads.runAfter(fault.duration(), () -> faults.delayHandshakes(Duration.ZERO));
      }
      case RECOGNIZER_REFUSES -> {
        faults.refuse(true);
        recognizerFault = VirtualThreads.runAfter(fault.duration(), () -> faults.refuse(false));
      }
      case RECOGNIZER_OMITS -> {
        faults.omitFinal();
        return Optional.of(new Injection("one final", INSTANT));
      }
      default -> {
        faults.endShort();
        return Optional.of(new Injection("one session", INSTANT));
      }
    }
    return Optional.of(new Injection(recognizer.dropAll() + " sessions", recognizerFault));
  }

  private Optional<Injection> sentinel(Consumer<RedisSentinels> step) {
    if (!redisFault.isDone()) {
      return Optional.empty();
    }
    RedisSentinels sentinels = cluster.sentinels();
    String primary = sentinels.primaryUrl();
    redisFault =
        CompletableFuture.runAsync(
            () -> {
              step.accept(sentinels);
              sentinels.awaitWhole();
            },
            VirtualThreads.EXECUTOR);
    return Optional.of(new Injection(primary, redisFault));
  }

  private Optional<Injection> redis(PlannedFault fault) {
    if (!redisFault.isDone()) {
      return Optional.empty();
    }
    RedisServer redis = cluster.redis();
    redisFault =
        switch (fault.kind()) {
          case REDIS_KILL -> {
            redis.kill();
            yield VirtualThreads.runAfter(fault.duration(), redis::restart);
          }
          case REDIS_PAUSE -> {
            redis.pause();
            yield VirtualThreads.runAfter(fault.duration(), redis::resume);
          }
          case REDIS_FAILOVER -> {
            redis.copy();
            yield VirtualThreads.runAfter(fault.duration(), redis::failOver);
          }
          case REDIS_CLIENTS -> {
            redis.limitClients(MIN_CLIENTS);
            yield VirtualThreads.runAfter(
                fault.duration(), () -> redis.limitClients(DEFAULT_CLIENTS));
          }
          case REDIS_MEMORY -> {
            redis.limitMemory(MIN_MEMORY_BYTES);
            yield VirtualThreads.runAfter(fault.duration(), () -> redis.limitMemory(0));
          }
          case REDIS_READONLY -> {
            redis.setReadOnly(true);
            yield VirtualThreads.runAfter(fault.duration(), () -> redis.setReadOnly(false));
          }
          case REDIS_DISK -> {
            redis.failSaves(true);
            yield VirtualThreads.runAfter(fault.duration(), () -> redis.failSaves(false));
          }
          case REDIS_REPLICAS -> {
            redis.requireReplicas(true);
            yield VirtualThreads.runAfter(fault.duration(), () -> redis.requireReplicas(false));
          }
          default -> {
            redis.flush();
            yield INSTANT;
          }
        };
    return Optional.of(new Injection("redis", redisFault));
  }
}
