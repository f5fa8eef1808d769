package io.verbatim.pubsub.testkit;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The bus inside one process keeps the contract.
class InMemoryBusTest extends BusContract {
  private @Nullable InMemoryBus bus;

  @Override
  protected Bus connect(BusLimits limits) {
    InMemoryBus shared = bus;
    if (shared == null) {
      shared = new InMemoryBus(limits.audioRetention(), Duration.ofHours(1), limits.lease());
      bus = shared;
    }
    return shared;
  }
}
