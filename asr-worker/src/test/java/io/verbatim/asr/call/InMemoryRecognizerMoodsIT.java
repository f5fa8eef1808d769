package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class InMemoryRecognizerMoodsIT extends RecognizerMoodsContract {
  @Override
  Bus openBus() {
    return new InMemoryBus();
  }
}
