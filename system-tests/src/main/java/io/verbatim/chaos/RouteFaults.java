package io.verbatim.chaos;

import io.verbatim.testkit.network.TcpRoute;
import io.verbatim.testkit.network.TcpRoute.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;

/// Injects network faults between the services and Redis or the recogniser. Used by one thread;
/// faults may overlap.
final class RouteFaults {
  private static final Duration MIN_DELAY = Duration.ofMillis(1);
  private static final Duration MAX_DELAY = Duration.ofMillis(20);

  private final Cluster cluster;
  private CompletableFuture<Void> delay = FaultInjector.INSTANT;

  RouteFaults(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Injects a fault if there are connections to affect.
  Optional<FaultInjector.Injection> inject(PlannedFault fault) {
    List<ServiceSlot> slots = cluster.slots();
    return switch (fault.kind()) {
      case RECOGNIZER_FREEZE ->
          connections(cluster.workers(), fault, "", worker -> worker.recognizerRoute().freeze());
      case REDIS_FREEZE -> connections(slots, fault, "", slot -> slot.redisRoute().freeze());
      case REDIS_DROP -> {
        boolean up = Math.floorMod(fault.target() / slots.size(), 2) == 0;
        Direction direction = up ? Direction.TO_SERVER : Direction.TO_CLIENT;
        yield connections(slots, fault, " " + direction, slot -> slot.redisRoute().drop(direction));
      }
      case REDIS_CUT -> connections(slots, fault, "", slot -> slot.redisRoute().cut());
      case REDIS_FREEZE_ALL -> {
        int frozen = slots.stream().mapToInt(slot -> slot.redisRoute().freeze()).sum();
        yield frozen == 0
            ? Optional.empty()
            : Optional.of(
                new FaultInjector.Injection(frozen + " connections", FaultInjector.INSTANT));
      }
      case REDIS_BLOCK -> block(slots, fault);
      case REDIS_DELAY -> delay(slots, fault.duration());
      default -> throw new IllegalArgumentException(fault.kind() + " is not a network fault");
    };
  }

  /// @param step returns the number of affected connections
  private static Optional<FaultInjector.Injection> connections(
      List<ServiceSlot> slots, PlannedFault fault, String suffix, ToIntFunction<ServiceSlot> step) {
    return FaultInjector.up(slots, fault, slot -> step.applyAsInt(slot) > 0)
        .map(slot ->
            new FaultInjector.Injection(slot.processName() + suffix, FaultInjector.INSTANT));
  }

  private static Optional<FaultInjector.Injection> block(
      List<ServiceSlot> slots, PlannedFault fault) {
    return FaultInjector.up(slots, fault)
        .map(slot -> {
          TcpRoute route = slot.redisRoute();
          route.block();
          return new FaultInjector.Injection(
              slot.processName(), VirtualThreads.runAfter(fault.duration(), route::unblock));
        });
  }

  private Optional<FaultInjector.Injection> delay(List<ServiceSlot> slots, Duration duration) {
    if (!delay.isDone()) {
      return Optional.empty();
    }
    slots.forEach(slot -> slot.redisRoute().delay(MIN_DELAY, MAX_DELAY));
    delay =
        VirtualThreads.runAfter(
            duration,
            () -> slots.forEach(slot -> slot.redisRoute().delay(Duration.ZERO, Duration.ZERO)));
    return Optional.of(new FaultInjector.Injection("all services", delay));
  }
}
