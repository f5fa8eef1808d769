package io.verbatim.pubsub.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioSlice.End;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// What the writer of a call's audio is answered.
abstract class WritingContract {
  private final BusContract stage;

  WritingContract(BusContract stage) {
    this.stage = stage;
  }

  @Test
  void append_movesTheTail() {
    Caller caller = Caller.opens(stage.bus(), Samples.mono("call-1"));

    assertThat(caller.append(caller.next(320)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(320, 0, 1)));
    assertThat(caller.append(caller.next(640)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(960, 0, 2)));
  }

  @Test
  void appendMadeAgain_isRefusedWithTheTrueTailAndStoredOnce() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    AudioAppend audio = caller.next(320);
    caller.append(audio);

    assertThat(caller.append(audio)).isEqualTo(new WriteResult.Moved<>(new AudioTail(320, 0, 1)));
    caller.end(320, "stop");
    assertThat(Listener.of(stage, bus, caller.call(), 0).untilEnd().entries()).hasSize(1);
  }

  @Test
  void appendAboveTheTail_isRefused_forTheLogHasLostSomething() {
    Caller caller = Caller.opens(stage.bus(), Samples.mono("call-1")).says(320);

    assertThat(caller.append(caller.at(640, 960, 320)))
        .isEqualTo(new WriteResult.Moved<>(new AudioTail(320, 0, 1)));
    caller.says(320);
  }

  @Test
  void replyToAppend_carriesCovered() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(640);
    stage.closing(Worker.on(bus, 1)).takes().covers(0, 0, 320);

    assertThat(caller.append(caller.next(320)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(960, 320, 2)));
    assertThat(caller.append(caller.at(0, 320, 320)))
        .isEqualTo(new WriteResult.Moved<>(new AudioTail(960, 320, 2)));
  }

  @Test
  void droppedAudio_isPartOfTheCall() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);

    assertThat(caller.append(caller.at(320, 960, 320)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(960, 0, 2)));
    assertThat(Answers.of(bus.calls().find(caller.call())).orElseThrow().receivedBytes())
        .isEqualTo(960);
  }

  @Test
  void appendsInFlight_keepTheirOrder() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    List<CompletionStage<WriteResult<AudioTail>>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(bus.audio().append(caller.at(i * 320L, (i + 1) * 320L, 320)));
    }

    assertThat(answers)
        .extracting(Answers::of)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(WriteResult.Written.class));
    assertThat(Answers.of(bus.calls().find(caller.call())).orElseThrow().receivedBytes())
        .isEqualTo(200 * 320);
  }

  @Test
  void writerWithoutTheToken_isFenced() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);
    Caller stranger = Caller.named(bus, Samples.mono("call-1"), "stranger");

    assertThat(stranger.append(stranger.at(320, 640, 320))).isEqualTo(new WriteResult.Fenced<>());
    assertThat(stranger.end(320, "stop")).isEqualTo(new WriteResult.Fenced<>());
    assertThat(stranger.alive()).isEqualTo(new WriteResult.Fenced<>());
    caller.says(320);
  }

  @Test
  void callTheLogDoesNotKnow_isGone() {
    Caller caller = Caller.named(stage.bus(), Samples.mono("call-1"), "w1");

    assertThat(caller.append(caller.next(320))).isEqualTo(new WriteResult.Gone<>());
    assertThat(caller.end(0, "stop")).isEqualTo(new WriteResult.Gone<>());
    assertThat(caller.alive()).isEqualTo(new WriteResult.Gone<>());
  }

  @Test
  void end_isWrittenOnceAndRefusesAudio() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);

    assertThat(caller.end(320, "stop"))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(320, 0, 1)));
    assertThat(caller.end(320, "again"))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(320, 0, 1)));
    assertThat(caller.append(caller.next(320))).isEqualTo(new WriteResult.Ended<>());
    assertThat(Listener.of(stage, bus, caller.call(), 0).untilEnd().end())
        .isEqualTo(new End(320, "stop", false));
  }

  @Test
  void writerThatWasFenced_isToldSo_alsoWhereTheEndStands() {
    Bus bus = stage.bus();
    Caller before = Caller.opens(bus, Samples.mono("call-1")).says(320);
    Caller after = Caller.named(bus, Samples.mono("call-1"), "second");
    after.open(true);
    assertThat(after.end(320, "stop")).isInstanceOf(WriteResult.Written.class);

    assertThat(before.end(320, "stop")).isEqualTo(new WriteResult.Fenced<>());
    assertThat(after.end(320, "stop"))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(320, 0, 1)));
  }

  @Test
  void endWithAnotherTail_isRefusedWithTheTrueOne() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);

    assertThat(Answers.of(bus.audio().end(caller.call(), "writer-of-call-1", 640, 640, "stop")))
        .isEqualTo(new WriteResult.Moved<>(new AudioTail(320, 0, 1)));
    caller.says(320);
  }

  @Test
  void endAboveTheTail_countsTheAudioDroppedLast() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);

    assertThat(caller.end(960, "stop"))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(960, 0, 1)));
    assertThat(Answers.of(bus.calls().find(caller.call())).orElseThrow().receivedBytes())
        .isEqualTo(960);
  }

  @Test
  void callWhoseTranscriptEnded_takesNothing() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);
    stage.closing(Worker.on(bus, 1)).takes().ends(320);

    assertThat(caller.append(caller.next(320))).isEqualTo(new WriteResult.Ended<>());
    assertThat(caller.end(320, "stop")).isEqualTo(new WriteResult.Ended<>());
    assertThat(caller.alive()).isEqualTo(new WriteResult.Ended<>());
  }

  @Test
  void signOfLife_tellsWhetherAWorkerHasTheCallAndHowFarItIs() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(640);

    assertThat(caller.alive())
        .isEqualTo(new WriteResult.Written<>(new CallProgress(false, 0, 640, false)));
    stage.closing(Worker.on(bus, 1)).takes().says(0, 320, "hello");
    assertThat(caller.alive())
        .isEqualTo(new WriteResult.Written<>(new CallProgress(true, 320, 640, false)));
  }

  @Test
  void logWithoutRoom_letsTheOlderHalfOfTheCallGo_butNeverTheNewest() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    for (int second = 0; second < 16; second++) {
      caller.says(16_000);
    }

    assertThat(caller.sheds()).isEqualTo(8 * 16_000);
    assertThat(caller.sheds()).isEqualTo(4 * 16_000);
    assertThat(caller.sheds()).isEqualTo(2 * 16_000);
    assertThat(caller.sheds()).as("the newest two seconds stay").isZero();
    assertThat(Caller.named(bus, Samples.mono("call-1"), "stranger").sheds()).isZero();

    Listener listener = Listener.of(stage, bus, caller.call(), 0).upTo(caller.tail());
    assertThat(listener.entries().getFirst().start()).isEqualTo(14 * 16_000);
  }
}
