package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.contract.BusContract;
import io.verbatim.pubsub.contract.BusLimits;
import org.jspecify.annotations.Nullable;

/// Runs the contract suite on the bus inside one process.
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
