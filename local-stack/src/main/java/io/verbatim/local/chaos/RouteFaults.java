package io.verbatim.local.chaos;

import io.verbatim.pubsub.testkit.TcpRoute;
import io.verbatim.pubsub.testkit.TcpRoute.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;

/// Faults of the network between the services and what they depend on. Used by one thread; what it
/// starts may overlap.
final class RouteFaults {
  private static final Duration SHORTEST_DELAY = Duration.ofMillis(1);
  private static final Duration LONGEST_DELAY = Duration.ofMillis(20);

  private final Cluster cluster;
  private CompletableFuture<Void> delay = FaultInjector.AT_ONCE;

  RouteFaults(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Does it where the connections it is to befall are there.
  Optional<FaultInjector.Done> inject(PlannedFault fault) {
    List<ServiceSlot> slots = cluster.slots();
    return switch (fault.kind()) {
      case RECOGNIZER_FREEZE ->
          connections(cluster.workers(), fault, "", worker -> worker.recognizerRoute().freeze());
      case REDIS_FREEZE -> connections(slots, fault, "", slot -> slot.redisRoute().freeze());
      case REDIS_DROP -> {
        boolean up = Math.floorMod(fault.victim() / slots.size(), 2) == 0;
        Direction direction = up ? Direction.TO_SERVER : Direction.TO_CLIENT;
        yield connections(slots, fault, " " + direction, slot -> slot.redisRoute().drop(direction));
      }
      case REDIS_CUT -> connections(slots, fault, "", slot -> slot.redisRoute().cut());
      case REDIS_FREEZE_ALL -> {
        int frozen = slots.stream().mapToInt(slot -> slot.redisRoute().freeze()).sum();
        yield frozen == 0
            ? Optional.empty()
            : Optional.of(new FaultInjector.Done(frozen + " connections", FaultInjector.AT_ONCE));
      }
      case REDIS_BLOCK -> block(slots, fault);
      case REDIS_DELAY -> delay(slots, fault.lasting());
      default -> throw new IllegalArgumentException(fault.kind() + " is no fault of a route");
    };
  }

  /// @param step answers how many connections it befell
  private static Optional<FaultInjector.Done> connections(
      List<ServiceSlot> slots, PlannedFault fault, String how, ToIntFunction<ServiceSlot> step) {
    return FaultInjector.up(slots, fault, slot -> step.applyAsInt(slot) > 0)
        .map(slot -> new FaultInjector.Done(slot.occupant() + how, FaultInjector.AT_ONCE));
  }

  private static Optional<FaultInjector.Done> block(List<ServiceSlot> slots, PlannedFault fault) {
    return FaultInjector.up(slots, fault)
        .map(slot -> {
          TcpRoute route = slot.redisRoute();
          route.block();
          return new FaultInjector.Done(
              slot.occupant(), Later.after(fault.lasting(), route::unblock));
        });
  }

  private Optional<FaultInjector.Done> delay(List<ServiceSlot> slots, Duration lasting) {
    if (!delay.isDone()) {
      return Optional.empty();
    }
    slots.forEach(slot -> slot.redisRoute().delay(SHORTEST_DELAY, LONGEST_DELAY));
    delay =
        Later.after(
            lasting,
            () -> slots.forEach(slot -> slot.redisRoute().delay(Duration.ZERO, Duration.ZERO)));
    return Optional.of(new FaultInjector.Done("all services", delay));
  }
}
