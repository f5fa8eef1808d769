package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;

class InMemoryCallIT extends CallContract {
  @Override
  Bus openBus() {
    return new InMemoryBus();
  }
}
