package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.asr.metrics.AsrMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecognizerGateTest {
  private final CallLoop loop = new CallLoop(InstantSource.system());
  private final AsrMetrics metrics = new AsrMetrics(new SimpleMeterRegistry());
  private final List<Integer> admitted = new CopyOnWriteArrayList<>();
  private final List<RecognizerGate.Admission> asked = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void sessionsAtOnce_areCounted_andServedInTurn() {
    RecognizerGate gate = gate(2, Duration.ofHours(1));
    ask(gate, 4);

    await().until(() -> admitted.equals(List.of(0, 1)));
    onLoop(asked.get(0)::close);

    await().until(() -> admitted.equals(List.of(0, 1, 2)));
  }

  @Test
  void whoeverLeavesTheQueue_isPassedOver() {
    RecognizerGate gate = gate(1, Duration.ofHours(1));
    ask(gate, 3);

    onLoop(asked.get(1)::close);
    onLoop(asked.get(0)::close);

    await().until(() -> admitted.equals(List.of(0, 2)));
  }

  @Test
  void refusal_holdsEverybodyBack_untilAProbeIsTaken() {
    RecognizerGate gate = gate(10, Duration.ofMillis(50));
    ask(gate, 1);
    await().until(() -> admitted.size() == 1);
    onLoop(() -> asked.get(0).denied("401 no"));
    onLoop(asked.get(0)::close);
    assertThat(gate.denied()).contains("401 no");

    ask(gate, 3);
    await().until(() -> admitted.size() == 2);
    onLoop(() -> asked.get(1).denied("401 still"));
    onLoop(asked.get(1)::close);
    await().until(() -> admitted.size() == 3);
    onLoop(() -> asked.get(2).opened());

    await().until(() -> admitted.size() == 4);
    assertThat(gate.denied()).isEmpty();
  }

  @Test
  void probeThatGoesAway_isFollowedByAnother() {
    RecognizerGate gate = gate(10, Duration.ofMillis(50));
    ask(gate, 3);
    await().until(() -> admitted.size() == 3);
    onLoop(() -> asked.get(0).denied("401 no"));
    asked.forEach(one -> onLoop(one::close));

    ask(gate, 2);
    await().until(() -> admitted.size() == 4);
    onLoop(asked.get(3)::close);

    await().until(() -> admitted.size() == 5);
  }

  private RecognizerGate gate(int streams, Duration probeEvery) {
    return new RecognizerGate(loop, metrics, streams, probeEvery);
  }

  private void ask(RecognizerGate gate, int count) {
    for (int i = 0; i < count; i++) {
      onLoop(() -> {
        int number = asked.size();
        asked.add(gate.request(() -> admitted.add(number)));
      });
    }
  }

  private void onLoop(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      task.run();
      done.complete(null);
    });
    done.join();
  }
}
