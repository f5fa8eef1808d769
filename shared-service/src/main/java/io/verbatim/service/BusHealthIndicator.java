package io.verbatim.service;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Reports readiness: out of service while the bus does not answer.
public final class BusHealthIndicator implements HealthIndicator {

  private final Bus bus;

  public BusHealthIndicator(Bus bus) {
    this.bus = bus;
  }

  @Override
  public Health health() {
    return switch (bus.health()) {
      case BusHealth.Connected _ -> Health.up().build();
      case BusHealth.Degraded(String problem) -> Health.up().withDetail("problem", problem).build();
      case BusHealth.Away(_, String problem) ->
          Health.outOfService().withDetail("problem", problem).build();
    };
  }
}
