package io.verbatim.local.chaos;

import io.verbatim.local.numbers.NumbersRecognizer;
import io.verbatim.local.numbers.RecognizerFaults;
import io.verbatim.pubsub.testkit.RedisSentinels;
import io.verbatim.pubsub.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Does faults to the running system. Used by one thread; what it starts may overlap.
final class FaultInjector {
  private static final int NO_MORE_CLIENTS = 1;
  private static final long NO_MORE_MEMORY = 1;
  private static final int USUAL_CLIENTS = 10_000;
  private static final Duration SLOW_HANDSHAKE = Duration.ofSeconds(3);

  /// Of a fault that has passed when it is done.
  static final CompletableFuture<Void> AT_ONCE = CompletableFuture.completedFuture(null);

  private final Cluster cluster;
  private final NumbersRecognizer recognizer;
  private final LoadGenerator callers;
  private final Takeovers takeovers;
  private final RouteFaults routes;
  private CompletableFuture<Void> redisFault = AT_ONCE;
  private CompletableFuture<Void> recognizerFault = AT_ONCE;

  /// A fault that was done.
  ///
  /// @param victim what it befell, for people
  /// @param over completes when it has passed; what was killed may be away for longer
  record Done(String victim, CompletableFuture<Void> over) {}

  FaultInjector(
      Cluster cluster, NumbersRecognizer recognizer, LoadGenerator callers, Takeovers takeovers) {
    this.cluster = cluster;
    this.recognizer = recognizer;
    this.callers = callers;
    this.takeovers = takeovers;
    routes = new RouteFaults(cluster);
  }

  /// Does it, where its victim is there: a worker is touched only while another is up, and one
  /// fault befalls Redis at a time. Else nothing is done.
  Optional<Done> strike(PlannedFault fault) {
    return switch (fault.kind()) {
      case WORKER_KILL, WORKER_STOP, WORKER_PAUSE -> worker(fault);
      case GATEWAY_KILL ->
          up(cluster.gateways(), fault)
              .map(gateway -> {
                String victim = gateway.occupant();
                gateway.kill();
                return new Done(victim, AT_ONCE);
              });
      case GATEWAY_STOP ->
          up(cluster.gateways(), fault)
              .map(gateway -> new Done(gateway.occupant(), gateway.stop()));
      case INGEST_KILL ->
          up(cluster.ingests(), fault)
              .map(ingest -> {
                String victim = ingest.occupant();
                ingest.kill();
                return new Done(victim, AT_ONCE);
              });
      case INGEST_STOP ->
          up(cluster.ingests(), fault).map(ingest -> new Done(ingest.occupant(), ingest.replace()));
      case INGEST_PAUSE ->
          up(cluster.ingests(), fault)
              .map(ingest -> new Done(ingest.occupant(), ingest.pause(fault.lasting())));
      case GATEWAY_PAUSE ->
          up(cluster.gateways(), fault)
              .map(gateway -> new Done(gateway.occupant(), gateway.pause(fault.lasting())));
      case CALLER_MOVE -> moveCallers(fault);
      case RECOGNIZER_CUT -> Optional.of(new Done(recognizer.cutAll() + " sessions", AT_ONCE));
      case RECOGNIZER_SLOW, RECOGNIZER_REFUSES, RECOGNIZER_OMITS, RECOGNIZER_ENDS_SHORT ->
          recognizer(fault);
      case SESSION_CUT -> {
        OptionalInt cut = recognizer.cutOne(fault.victim());
        yield cut.isEmpty()
            ? Optional.empty()
            : Optional.of(new Done("session of call " + cut.getAsInt(), AT_ONCE));
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

  /// The first slot that is up, from the one the fault names on.
  static Optional<ServiceSlot> up(List<ServiceSlot> slots, PlannedFault fault) {
    return up(slots, fault, _ -> true);
  }

  /// The first slot that is up, from the one the fault names on, and for which a step succeeds.
  ///
  /// @param step is tried on one slot after the other
  static Optional<ServiceSlot> up(
      List<ServiceSlot> slots, PlannedFault fault, Predicate<ServiceSlot> step) {
    return IntStream.range(0, slots.size())
        .mapToObj(i -> slots.get(Math.floorMod(fault.victim() + i, slots.size())))
        .filter(ServiceSlot::isUp)
        .filter(step)
        .findFirst();
  }

  /// The ingest does not see that its callers are gone: they call again at another one, and both
  /// have the call.
  private Optional<Done> moveCallers(PlannedFault fault) {
    return up(cluster.ingests(), fault, ingest -> ingest.front().freeze() > 0)
        .map(ingest -> {
          int moved = callers.redial(Cluster.frontUrl(ingest));
          return new Done(moved + " callers of " + ingest.occupant(), AT_ONCE);
        });
  }

  private Optional<Done> worker(PlannedFault fault) {
    if (cluster.workers().stream().filter(ServiceSlot::isUp).count() < 2) {
      return Optional.empty();
    }
    return up(cluster.workers(), fault)
        .map(worker -> {
          String name = worker.occupant();
          List<Integer> calls = recognizer.callsOf(name);
          takeovers.orphaned(calls, fault.number(), name);
          String victim = name + " with " + calls.size() + " calls";
          if (fault.kind() == Fault.WORKER_PAUSE) {
            return new Done(victim, worker.pause(fault.lasting()));
          }
          if (fault.kind() == Fault.WORKER_STOP) {
            return new Done(victim, worker.stop());
          }
          worker.kill();
          return new Done(victim, AT_ONCE);
        });
  }

  private Optional<Done> recognizer(PlannedFault fault) {
    if (!recognizerFault.isDone()) {
      return Optional.empty();
    }
    RecognizerFaults faults = recognizer.faults();
    switch (fault.kind()) {
      case RECOGNIZER_SLOW -> {
        faults.delayHandshakes(SLOW_HANDSHAKE);
        recognizerFault = Later.after(fault.lasting(), () -> faults.delayHandshakes(Duration.ZERO));
      }
      case RECOGNIZER_REFUSES -> {
        faults.refuse(true);
        recognizerFault = Later.after(fault.lasting(), () -> faults.refuse(false));
      }
      case RECOGNIZER_OMITS -> {
        faults.omitFinal();
        return Optional.of(new Done("one final", AT_ONCE));
      }
      default -> {
        faults.endShort();
        return Optional.of(new Done("one session", AT_ONCE));
      }
    }
    return Optional.of(new Done(recognizer.cutAll() + " sessions", recognizerFault));
  }

  private Optional<Done> sentinel(Consumer<RedisSentinels> step) {
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
            Later.THREADS);
    return Optional.of(new Done(primary, redisFault));
  }

  private Optional<Done> redis(PlannedFault fault) {
    if (!redisFault.isDone()) {
      return Optional.empty();
    }
    RedisServer redis = cluster.redis();
    redisFault =
        switch (fault.kind()) {
          case REDIS_KILL -> {
            redis.kill();
            yield Later.after(fault.lasting(), redis::restart);
          }
          case REDIS_PAUSE -> {
            redis.pause();
            yield Later.after(fault.lasting(), redis::resume);
          }
          case REDIS_FAILOVER -> {
            redis.copy();
            yield Later.after(fault.lasting(), redis::failOver);
          }
          case REDIS_CLIENTS -> {
            redis.limitClients(NO_MORE_CLIENTS);
            yield Later.after(fault.lasting(), () -> redis.limitClients(USUAL_CLIENTS));
          }
          case REDIS_MEMORY -> {
            redis.limitMemory(NO_MORE_MEMORY);
            yield Later.after(fault.lasting(), () -> redis.limitMemory(0));
          }
          case REDIS_READONLY -> {
            redis.setReadOnly(true);
            yield Later.after(fault.lasting(), () -> redis.setReadOnly(false));
          }
          case REDIS_DISK -> {
            redis.failSaves(true);
            yield Later.after(fault.lasting(), () -> redis.failSaves(false));
          }
          case REDIS_REPLICAS -> {
            redis.requireReplicas(true);
            yield Later.after(fault.lasting(), () -> redis.requireReplicas(false));
          }
          default -> {
            redis.flush();
            yield AT_ONCE;
          }
        };
    return Optional.of(new Done("redis", redisFault));
  }
}
