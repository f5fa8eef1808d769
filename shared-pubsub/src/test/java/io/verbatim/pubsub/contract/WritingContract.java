package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioSlice.End;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The contract of writing a call's audio.
abstract class WritingContract {
  private final BusContract contract;

  WritingContract(BusContract contract) {
    this.contract = contract;
  }

  @Test
  void append_movesTheTail() {
    Caller caller = Caller.openNew(contract.bus(), Samples.mono("call-1"));

    assertThat(caller.append(caller.next(320)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(320, 0, 1)));
    assertThat(caller.append(caller.next(640)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(960, 0, 2)));
  }

  @Test
  void repeatedAppend_isRefusedWithTailAndStoredOnce() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    AudioAppend audio = caller.next(320);
    caller.append(audio);

    assertThat(caller.append(audio)).isEqualTo(new WriteResult.Moved<>(new AudioTail(320, 0, 1)));
    caller.end(320, "stop");
    assertThat(CheckedAudioReader.of(contract, bus, caller.call(), 0).readToEnd().entries())
        .hasSize(1);
  }

  @Test
  void appendAboveTail_isRefusedWithTail() {
    Caller caller = Caller.openNew(contract.bus(), Samples.mono("call-1")).store(320);

    assertThat(caller.append(caller.at(640, 960, 320)))
        .isEqualTo(new WriteResult.Moved<>(new AudioTail(320, 0, 1)));
    caller.store(320);
  }

  @Test
  void replyToAppend_carriesCovered() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(640);
    contract.closing(Worker.on(bus, 1)).awaitGrant().cover(0, 0, 320);

    assertThat(caller.append(caller.next(320)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(960, 320, 2)));
    assertThat(caller.append(caller.at(0, 320, 320)))
        .isEqualTo(new WriteResult.Moved<>(new AudioTail(960, 320, 2)));
  }

  @Test
  void droppedAudio_countsAsReceived() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);

    assertThat(caller.append(caller.at(320, 960, 320)))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(960, 0, 2)));
    assertThat(Answers.of(bus.calls().find(caller.call())).orElseThrow().receivedBytes())
        .isEqualTo(960);
  }

  @Test
  void appendsInFlight_keepTheirOrder() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
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
  void writerWithOtherToken_isFenced() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    Caller otherWriter = Caller.withToken(bus, Samples.mono("call-1"), "other-writer");

    assertThat(otherWriter.append(otherWriter.at(320, 640, 320)))
        .isEqualTo(new WriteResult.Fenced<>());
    assertThat(otherWriter.end(320, "stop")).isEqualTo(new WriteResult.Fenced<>());
    assertThat(otherWriter.heartbeat()).isEqualTo(new WriteResult.Fenced<>());
    caller.store(320);
  }

  @Test
  void unknownCall_returnsGone() {
    Caller caller = Caller.withToken(contract.bus(), Samples.mono("call-1"), "w1");

    assertThat(caller.append(caller.next(320))).isEqualTo(new WriteResult.Gone<>());
    assertThat(caller.end(0, "stop")).isEqualTo(new WriteResult.Gone<>());
    assertThat(caller.heartbeat()).isEqualTo(new WriteResult.Gone<>());
  }

  @Test
  void end_isWrittenOnceAndRefusesAudio() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);

    assertThat(caller.end(320, "stop"))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(320, 0, 1)));
    assertThat(caller.end(320, "again"))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(320, 0, 1)));
    assertThat(caller.append(caller.next(320))).isEqualTo(new WriteResult.Ended<>());
    assertThat(CheckedAudioReader.of(contract, bus, caller.call(), 0).readToEnd().end())
        .isEqualTo(new End(320, "stop", false));
  }

  @Test
  void endByFencedWriterAfterEnd_isFenced() {
    Bus bus = contract.bus();
    Caller before = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    Caller after = Caller.withToken(bus, Samples.mono("call-1"), "second");
    after.open(true);
    assertThat(after.end(320, "stop")).isInstanceOf(WriteResult.Written.class);

    assertThat(before.end(320, "stop")).isEqualTo(new WriteResult.Fenced<>());
    assertThat(after.end(320, "stop"))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(320, 0, 1)));
  }

  @Test
  void endWithWrongTail_isRefusedWithTail() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);

    assertThat(Answers.of(bus.audio().end(caller.call(), "writer-of-call-1", 640, 640, "stop")))
        .isEqualTo(new WriteResult.Moved<>(new AudioTail(320, 0, 1)));
    caller.store(320);
  }

  @Test
  void endAboveTail_countsDroppedAudio() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);

    assertThat(caller.end(960, "stop"))
        .isEqualTo(new WriteResult.Written<>(new AudioTail(960, 0, 1)));
    assertThat(Answers.of(bus.calls().find(caller.call())).orElseThrow().receivedBytes())
        .isEqualTo(960);
  }

  @Test
  void endedTranscript_refusesAudio() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    contract.closing(Worker.on(bus, 1)).awaitGrant().end(320);

    assertThat(caller.append(caller.next(320))).isEqualTo(new WriteResult.Ended<>());
    assertThat(caller.end(320, "stop")).isEqualTo(new WriteResult.Ended<>());
    assertThat(caller.heartbeat()).isEqualTo(new WriteResult.Ended<>());
  }

  @Test
  void heartbeat_returnsOwnershipAndProgress() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(640);

    assertThat(caller.heartbeat())
        .isEqualTo(new WriteResult.Written<>(new CallProgress(false, 0, 640, false)));
    contract.closing(Worker.on(bus, 1)).awaitGrant().appendFinal(0, 320, "hello");
    assertThat(caller.heartbeat())
        .isEqualTo(new WriteResult.Written<>(new CallProgress(true, 320, 640, false)));
  }

  @Test
  void heartbeatSentBeforeAppend_isAnsweredBeforeIt() throws Exception {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    caller.heartbeat();
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    bus.loop()
        .execute(() -> {
          var _ =
              bus.audio()
                  .heartbeat(caller.call(), "writer-of-call-1")
                  .thenAccept(_ -> answers.add("heartbeat"));
          var _ = bus.audio().append(caller.next(320)).thenAccept(_ -> answers.add("append"));
        });

    assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo("heartbeat");
    assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo("append");
  }

  @Test
  void trimOldest_removesOlderHalfButKeepsNewest() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    for (int second = 0; second < 16; second++) {
      caller.store(16_000);
    }

    assertThat(caller.trimOldest()).isEqualTo(8 * 16_000);
    assertThat(caller.trimOldest()).isEqualTo(4 * 16_000);
    assertThat(caller.trimOldest()).isEqualTo(2 * 16_000);
    assertThat(caller.trimOldest()).as("the newest two seconds are kept").isZero();
    assertThat(Caller.withToken(bus, Samples.mono("call-1"), "other-writer").trimOldest()).isZero();

    CheckedAudioReader listener =
        CheckedAudioReader.of(contract, bus, caller.call(), 0).readUpTo(caller.tail());
    assertThat(listener.entries().getFirst().start()).isEqualTo(14 * 16_000);
  }
}
