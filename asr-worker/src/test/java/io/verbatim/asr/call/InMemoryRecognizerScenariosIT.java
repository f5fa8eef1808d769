package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InMemoryRecognizerScenariosIT extends RecognizerScenariosContract {
  @Override
  Bus openBus() {
    return new InMemoryBus();
  }

  /// Concurrent, because each scenario mostly waits and shares nothing with the others.
  @Override
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("scenarios")
  void scenario_hasExpectedOutcome(Scenario scenario) {
    super.scenario_hasExpectedOutcome(scenario);
  }
}
