package io.verbatim.pubsub.testkit;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;
import org.jspecify.annotations.Nullable;

/// The bus inside one process keeps the contract.
class InMemoryBusTest extends BusContract {
  private @Nullable InMemoryBus bus;

  @Override
  protected Bus connect(BusLimits limits) {
    InMemoryBus shared = bus;
    if (shared == null) {
      shared =
          new InMemoryBus(limits.audioRetention(), limits.transcriptRetention(), limits.lease());
      bus = shared;
    }
    return shared;
  }
}
