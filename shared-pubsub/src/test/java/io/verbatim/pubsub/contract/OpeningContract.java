package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.Opening.Opened;
import io.verbatim.pubsub.message.Opening.Reason;
import io.verbatim.pubsub.message.Opening.Refused;
import io.verbatim.pubsub.message.WriteResult;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// The contract of opening a call.
abstract class OpeningContract {
  private static final CallStart START = Samples.mono("call-1");

  private final BusContract contract;

  OpeningContract(BusContract contract) {
    this.contract = contract;
  }

  @Test
  void newCall_startsAtZero() {
    Caller caller = Caller.withToken(contract.bus(), START, "w1");

    assertThat(caller.open(false)).isEqualTo(new Opened(false, 0, 0, 0, 0));
  }

  @Test
  void repeatedOpen_returnsSameResultAndAnnouncesOnce() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, START);

    assertThat(caller.open(false)).isEqualTo(new Opened(false, 0, 0, 0, 0));

    Caller.openNew(bus, Samples.mono("call-2"));
    Worker worker = contract.closing(Worker.on(bus, 4));
    assertThat(List.of(worker.awaitGrant().call(), worker.awaitGrant().call()))
        .as("one announcement each")
        .containsExactlyInAnyOrder(START.call(), Samples.mono("call-2").call());
  }

  @Test
  void repeatedResumption_returnsSameResult() {
    Bus bus = contract.bus();
    Caller.openNew(bus, START).store(640);
    Caller second = Caller.withToken(bus, START, "w2");

    assertThat(second.open(true)).isEqualTo(new Opened(true, 640, 0, 1, 0));
    assertThat(second.open(true)).isEqualTo(new Opened(true, 640, 0, 1, 0));
  }

  @Test
  void idInUse_isRefused() {
    Bus bus = contract.bus();
    Caller first = Caller.openNew(bus, START);

    assertThat(Caller.withToken(bus, START, "w2").open(false))
        .isEqualTo(new Refused(Reason.EXISTS));
    first.store(320);
  }

  @Test
  void concurrentOpens_oneIsRefused() {
    Bus one = contract.bus();
    Bus other = contract.bus();
    CompletionStage<Opening> first = one.audio().open(START, "w1", false);
    CompletionStage<Opening> second = other.audio().open(START, "w2", false);

    assertThat(List.of(Answers.of(first), Answers.of(second)))
        .containsExactlyInAnyOrder(new Opened(false, 0, 0, 0, 0), new Refused(Reason.EXISTS));
  }

  @Test
  void anotherTenantsId_isRefused() {
    Bus bus = contract.bus();
    Caller first = Caller.openNew(bus, START);
    CallStart foreign = Samples.start("call-1", "umbrella", Samples.MONO);

    assertThat(Caller.withToken(bus, foreign, "w2").open(false))
        .isEqualTo(new Refused(Reason.OTHER_TENANT));
    assertThat(Caller.withToken(bus, foreign, "w3").open(true))
        .isEqualTo(new Refused(Reason.OTHER_TENANT));
    first.store(320);
  }

  @Test
  void resumptionInAnotherFormat_isRefused() {
    Bus bus = contract.bus();
    Caller first = Caller.openNew(bus, START);
    CallStart other = Samples.start("call-1", "acme", new AudioFormat(Encoding.MULAW, 8000, 1));

    assertThat(Caller.withToken(bus, other, "w2").open(true))
        .isEqualTo(new Refused(Reason.OTHER_FORMAT));
    first.store(320);
  }

  @Test
  void resumption_continuesAtTailAndFencesPreviousWriter() {
    Bus bus = contract.bus();
    Caller first = Caller.openNew(bus, START).store(320).store(640);
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();
    owner.appendFinal(0, 320, "hello");
    Caller second = Caller.withToken(bus, START, "w2");

    assertThat(second.open(true)).isEqualTo(new Opened(true, 960, 320, 2, 0));
    assertThat(first.append(first.next(320))).isEqualTo(new WriteResult.Fenced<>());
    assertThat(first.end(960, "stop")).isEqualTo(new WriteResult.Fenced<>());
    assertThat(first.heartbeat()).isEqualTo(new WriteResult.Fenced<>());
    assertThat(second.append(second.next(320)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(1280, 320, 3)));
    assertThat(second.heartbeat())
        .isEqualTo(new WriteResult.Written<>(new CallProgress(true, 320, 1280, false)));
  }

  @Test
  void resumption_returnsPartialBytesOfFrame() {
    Bus bus = contract.bus();
    Caller first = Caller.openNew(bus, START).store(320);
    AudioAppend half = first.next(640);
    first.append(
        new AudioAppend(
            half.call(),
            half.writer(),
            half.expectedTail(),
            half.end(),
            1,
            640,
            half.pcm(),
            half.arrivedMillis(),
            half.mostUnreadBytes()));

    assertThat(Caller.withToken(bus, START, "w2").open(true))
        .isEqualTo(new Opened(true, 960, 0, 1, 640));
  }

  @Test
  void resumptionOfUnknownCall_opensIt() {
    Caller caller = Caller.withToken(contract.bus(), START, "w1");

    assertThat(caller.open(true)).isEqualTo(new Opened(false, 0, 0, 0, 0));
    caller.store(320);
  }

  @Test
  void callWhoseAudioEnded_isNotResumed() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, START).store(320);
    caller.end(320, "stop");

    assertThat(Caller.withToken(bus, START, "w2").open(true)).isEqualTo(new Refused(Reason.ENDED));
    assertThat(Caller.withToken(bus, START, "w3").open(false)).isEqualTo(new Refused(Reason.ENDED));
  }

  @Test
  void idOfAnEndedCall_isRefused() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, START);
    caller.end(0, "stop");
    Worker worker = contract.closing(Worker.on(bus, 1));
    Owner owner = worker.awaitGrant();
    owner.end(0);
    worker.release(owner);

    assertThat(Caller.withToken(bus, START, "w2").open(false)).isEqualTo(new Refused(Reason.ENDED));
    assertThat(Caller.withToken(bus, START, "w2").open(true)).isEqualTo(new Refused(Reason.ENDED));
  }
}
