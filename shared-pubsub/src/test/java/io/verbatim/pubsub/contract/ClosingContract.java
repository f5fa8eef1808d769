package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.BusUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// The contract of a closed bus.
abstract class ClosingContract {
  private final BusContract contract;

  ClosingContract(BusContract contract) {
    this.contract = contract;
  }

  @Test
  void openBus_isHealthy() {
    Bus bus = contract.bus();

    Awaitility.await()
        .untilAsserted(() -> assertThat(bus.health()).isEqualTo(new BusHealth.Connected()));
  }

  @Test
  void closedBus_failsEveryRequest() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    bus.close();

    fails(bus.audio().append(caller.next(320)));
    fails(bus.audio().open(Samples.mono("call-2"), "w2", false));
    fails(bus.transcripts().read(caller.call(), "0-0", 1));
    fails(bus.calls().newest(1));
    fails(bus.deadLetters().list());
  }

  private static void fails(CompletionStage<?> request) {
    assertThatThrownBy(() -> Answers.of(request)).hasCauseInstanceOf(BusUnavailableException.class);
  }

  @Test
  void secondClose_hasNoEffect() {
    Bus bus = contract.bus();
    bus.close();
    bus.close();

    assertThat(bus.calls().newest(1).toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
  }

  @Test
  void leasesAndReadersOfClosedBus_closeWithoutError() throws Exception {
    Bus bus = contract.bus();
    Worker worker = Worker.on(bus, 1);
    var reader = bus.audio().read(Samples.mono("call-1").call(), 0);
    var follower = bus.calls().follow(1);
    bus.close();

    worker.close();
    reader.close();
    follower.close();
    assertThat(worker.unpolled()).isZero();
  }
}
