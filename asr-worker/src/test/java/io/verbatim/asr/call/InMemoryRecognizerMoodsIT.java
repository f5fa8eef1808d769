package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InMemoryRecognizerMoodsIT extends RecognizerMoodsContract {
  @Override
  Bus openBus() {
    return new InMemoryBus();
  }

  /// Side by side, for each mostly waits, in a world of its own.
  @Override
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("moods")
  void mood_hasItsOutcome(Mood mood) {
    super.mood_hasItsOutcome(mood);
  }
}
