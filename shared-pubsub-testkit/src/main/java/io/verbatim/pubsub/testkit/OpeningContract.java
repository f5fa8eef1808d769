package io.verbatim.pubsub.testkit;

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

/// Who may open a call, and what they are told.
abstract class OpeningContract {
  private static final CallStart START = Samples.mono("call-1");

  private final BusContract stage;

  OpeningContract(BusContract stage) {
    this.stage = stage;
  }

  @Test
  void newCall_beginsAtZero() {
    Caller caller = Caller.named(stage.bus(), START, "w1");

    assertThat(caller.open(false)).isEqualTo(new Opened(false, 0, 0, 0, 0));
  }

  @Test
  void openingMadeAgain_answersAsTheFirstTimeAndAnnouncesOnce() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, START);

    assertThat(caller.open(false)).isEqualTo(new Opened(false, 0, 0, 0, 0));

    Caller.opens(bus, Samples.mono("call-2"));
    Worker worker = stage.closing(Worker.on(bus, 4));
    assertThat(List.of(worker.takes().call(), worker.takes().call()))
        .as("one announcement each")
        .containsExactlyInAnyOrder(START.call(), Samples.mono("call-2").call());
  }

  @Test
  void resumptionMadeAgain_answersAsTheFirstTime() {
    Bus bus = stage.bus();
    Caller.opens(bus, START).says(640);
    Caller second = Caller.named(bus, START, "w2");

    assertThat(second.open(true)).isEqualTo(new Opened(true, 640, 0, 1, 0));
    assertThat(second.open(true)).isEqualTo(new Opened(true, 640, 0, 1, 0));
  }

  @Test
  void idInUse_isRefused() {
    Bus bus = stage.bus();
    Caller first = Caller.opens(bus, START);

    assertThat(Caller.named(bus, START, "w2").open(false)).isEqualTo(new Refused(Reason.EXISTS));
    first.says(320);
  }

  @Test
  void oneOfTwoWhoOpenAtOnce_isRefused() {
    Bus one = stage.bus();
    Bus other = stage.bus();
    CompletionStage<Opening> first = one.audio().open(START, "w1", false);
    CompletionStage<Opening> second = other.audio().open(START, "w2", false);

    assertThat(List.of(Answers.of(first), Answers.of(second)))
        .containsExactlyInAnyOrder(new Opened(false, 0, 0, 0, 0), new Refused(Reason.EXISTS));
  }

  @Test
  void anotherTenantsId_isRefused() {
    Bus bus = stage.bus();
    Caller first = Caller.opens(bus, START);
    CallStart foreign = Samples.start("call-1", "umbrella", Samples.MONO);

    assertThat(Caller.named(bus, foreign, "w2").open(false))
        .isEqualTo(new Refused(Reason.OTHER_TENANT));
    assertThat(Caller.named(bus, foreign, "w3").open(true))
        .isEqualTo(new Refused(Reason.OTHER_TENANT));
    first.says(320);
  }

  @Test
  void resumptionInAnotherFormat_isRefused() {
    Bus bus = stage.bus();
    Caller first = Caller.opens(bus, START);
    CallStart other = Samples.start("call-1", "acme", new AudioFormat(Encoding.MULAW, 8000, 1));

    assertThat(Caller.named(bus, other, "w2").open(true))
        .isEqualTo(new Refused(Reason.OTHER_FORMAT));
    first.says(320);
  }

  @Test
  void resumption_continuesWhereTheLogEndsAndFencesTheWriterBefore() {
    Bus bus = stage.bus();
    Caller first = Caller.opens(bus, START).says(320).says(640);
    Owner owner = stage.closing(Worker.on(bus, 1)).takes();
    owner.says(0, 320, "hello");
    Caller second = Caller.named(bus, START, "w2");

    assertThat(second.open(true)).isEqualTo(new Opened(true, 960, 320, 2, 0));
    assertThat(first.append(first.next(320))).isEqualTo(new WriteResult.Fenced<>());
    assertThat(first.end(960, "stop")).isEqualTo(new WriteResult.Fenced<>());
    assertThat(first.alive()).isEqualTo(new WriteResult.Fenced<>());
    assertThat(second.append(second.next(320)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(1280, 320, 3)));
    assertThat(second.alive())
        .isEqualTo(new WriteResult.Written<>(new CallProgress(true, 320, 1280, false)));
  }

  @Test
  void resumption_isToldHowMuchOfAFrameIsStored() {
    Bus bus = stage.bus();
    Caller first = Caller.opens(bus, START).says(320);
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

    assertThat(Caller.named(bus, START, "w2").open(true))
        .isEqualTo(new Opened(true, 960, 0, 1, 640));
  }

  @Test
  void resumptionOfACallTheLogDoesNotKnow_opensIt() {
    Caller caller = Caller.named(stage.bus(), START, "w1");

    assertThat(caller.open(true)).isEqualTo(new Opened(false, 0, 0, 0, 0));
    caller.says(320);
  }

  @Test
  void callWhoseAudioEnded_isNotResumed() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, START).says(320);
    caller.end(320, "stop");

    assertThat(Caller.named(bus, START, "w2").open(true)).isEqualTo(new Refused(Reason.ENDED));
    assertThat(Caller.named(bus, START, "w3").open(false)).isEqualTo(new Refused(Reason.ENDED));
  }

  @Test
  void idOfAnEndedCall_isRefused() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, START);
    caller.end(0, "stop");
    Worker worker = stage.closing(Worker.on(bus, 1));
    Owner owner = worker.takes();
    owner.ends(0);
    worker.release(owner);

    assertThat(Caller.named(bus, START, "w2").open(false)).isEqualTo(new Refused(Reason.ENDED));
    assertThat(Caller.named(bus, START, "w2").open(true)).isEqualTo(new Refused(Reason.ENDED));
  }
}
