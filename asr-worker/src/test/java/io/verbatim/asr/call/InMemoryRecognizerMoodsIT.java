package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;

class InMemoryRecognizerMoodsIT extends RecognizerMoodsContract {
  @Override
  Bus openBus() {
    return new InMemoryBus();
  }
}
