package io.verbatim.pubsub.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.BusUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What becomes of a bus that is closed.
abstract class ClosingContract {
  private final BusContract stage;

  ClosingContract(BusContract stage) {
    this.stage = stage;
  }

  @Test
  void openBus_isHealthy() {
    Bus bus = stage.bus();

    Awaitility.await()
        .untilAsserted(() -> assertThat(bus.health()).isEqualTo(new BusHealth.Connected()));
  }

  @Test
  void closedBus_failsEveryRequest() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
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
  void closingTwice_isClosingOnce() {
    Bus bus = stage.bus();
    bus.close();
    bus.close();

    assertThat(bus.calls().newest(1).toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
  }

  @Test
  void leasesAndReadersOfAClosedBus_closeQuietly() throws Exception {
    Bus bus = stage.bus();
    Worker worker = Worker.on(bus, 1);
    var reader = bus.audio().read(Samples.mono("call-1").call(), 0);
    var follower = bus.calls().follow(1);
    bus.close();

    worker.close();
    reader.close();
    follower.close();
    assertThat(worker.waiting()).isZero();
  }
}
