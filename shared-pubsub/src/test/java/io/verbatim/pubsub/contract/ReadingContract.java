package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioSlice.End;
import io.verbatim.pubsub.message.AudioSlice.Entry;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.RecognizerStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// The contract of reading a call's audio.
abstract class ReadingContract {
  private static final int MAX_SLICE_BYTES = 256 * 1024;

  private final BusContract contract;

  ReadingContract(BusContract contract) {
    this.contract = contract;
  }

  @Test
  void reader_receivesEveryByteInOrderWithArrival() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320).store(642).store(2);
    caller.end(964, "stop");

    CheckedAudioReader listener =
        CheckedAudioReader.of(contract, bus, caller.call(), 0).readToEnd();

    assertThat(listener.ranges()).containsExactly("0-320", "320-962", "962-964");
    assertThat(listener.entries())
        .extracting(Entry::arrivedMillis)
        .containsExactly(1320L, 1962L, 1964L);
    assertThat(listener.end()).isEqualTo(new End(964, "stop", false));
  }

  @Test
  void callNotStarted_readerWaits() {
    Bus bus = contract.bus();
    CheckedAudioReader listener =
        CheckedAudioReader.of(contract, bus, Samples.mono("call-1").call(), 0);
    CompletionStage<AudioSlice> pending = listener.reader().next();

    Caller.openNew(contract.bus(), Samples.mono("call-1")).store(320);

    assertThat(listener.receive(Answers.of(pending)).ranges()).containsExactly("0-320");
  }

  @Test
  void waitingReader_isAnsweredByEachEntryAndByTheEnd() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    CheckedAudioReader listener = CheckedAudioReader.of(contract, contract.bus(), caller.call(), 0);
    for (int i = 0; i < 20; i++) {
      CompletionStage<AudioSlice> pending = listener.reader().next();
      caller.store(320);
      listener.receive(Answers.of(pending));
    }
    CompletionStage<AudioSlice> pending = listener.reader().next();
    caller.end(6400, "stop");

    assertThat(listener.receive(Answers.of(pending)).end()).isEqualTo(new End(6400, "stop", false));
    assertThat(listener.entries()).hasSize(20);
  }

  @Test
  void positionInsideEntry_entryIsCut() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320).store(320);

    assertThat(CheckedAudioReader.of(contract, bus, caller.call(), 100).readUpTo(640).ranges())
        .containsExactly("100-320", "320-640");
    assertThat(CheckedAudioReader.of(contract, bus, caller.call(), 320).readUpTo(640).ranges())
        .containsExactly("320-640");
  }

  @Test
  void readerAtTail_receivesNewAudio() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    CheckedAudioReader listener = CheckedAudioReader.of(contract, bus, caller.call(), 320);
    CompletionStage<AudioSlice> pending = listener.reader().next();

    caller.store(320);

    assertThat(listener.receive(Answers.of(pending)).ranges()).containsExactly("320-640");
  }

  @Test
  void readerAtEnd_receivesTheEnd() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    caller.end(640, "timeout");

    for (long position : new long[] {320, 640}) {
      AudioSlice slice =
          Answers.of(contract.closing(bus.audio().read(caller.call(), position)).next());
      assertThat(slice.entries()).isEmpty();
      assertThat(slice.end()).contains(new End(640, "timeout", true));
    }
  }

  @Test
  void hole_isVisibleInPositions() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320).storeAfterLoss(640, 320);

    assertThat(CheckedAudioReader.of(contract, bus, caller.call(), 0).readUpTo(1280).ranges())
        .containsExactly("0-320", "960-1280");
    assertThat(CheckedAudioReader.of(contract, bus, caller.call(), 500).readUpTo(1280).ranges())
        .containsExactly("960-1280");
  }

  @Test
  void entryAfterHole_isMarkedUnlessCut() {
    Bus bus = contract.bus();
    Caller caller =
        Caller.openNew(bus, Samples.mono("call-1")).store(320).storeAfterLoss(640, 320).store(320);

    assertThat(lossesBefore(CheckedAudioReader.of(contract, bus, caller.call(), 0).readUpTo(1600)))
        .containsExactly(false, true, false);
    assertThat(
            lossesBefore(CheckedAudioReader.of(contract, bus, caller.call(), 500).readUpTo(1600)))
        .containsExactly(true, false);
    assertThat(
            lossesBefore(CheckedAudioReader.of(contract, bus, caller.call(), 1000).readUpTo(1600)))
        .containsExactly(false, false);
  }

  @Test
  void callStartingWithHole_isMarked() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).storeAfterLoss(320, 320);

    assertThat(lossesBefore(CheckedAudioReader.of(contract, bus, caller.call(), 0).readUpTo(640)))
        .containsExactly(true);
  }

  @Test
  void trimmedAudio_isNotMarkedAsLoss() {
    Bus bus = contract.bus(BusLimits.USUAL.withAudioRetention(Duration.ofSeconds(4)));
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320).store(320).store(320);
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();

    owner.appendFinal(0, 640, "hello");
    CheckedAudioReader covered =
        CheckedAudioReader.of(contract, bus, caller.call(), 0).readUpTo(960);
    assertThat(covered.ranges()).containsExactly("640-960");
    assertThat(lossesBefore(covered)).containsExactly(false);

    appendSeconds(caller, 12, Long.MAX_VALUE);
    CheckedAudioReader aged =
        CheckedAudioReader.of(contract, bus, caller.call(), 640).readUpTo(caller.tail());
    assertThat(aged.entries().getFirst().start()).isGreaterThan(960);
    assertThat(lossesBefore(aged)).containsOnly(false);
  }

  @Test
  void endAboveLastAudio_isMarked() {
    Bus bus = contract.bus();
    Caller whole = Caller.openNew(bus, Samples.mono("whole")).storeAfterLoss(320, 320);
    Caller cut = Caller.openNew(bus, Samples.mono("cut")).store(640);
    whole.end(640, "stop");
    cut.end(960, "stop");

    assertThat(CheckedAudioReader.of(contract, bus, whole.call(), 0).readToEnd().end())
        .isEqualTo(new End(640, "stop", false));
    assertThat(CheckedAudioReader.of(contract, bus, cut.call(), 0).readToEnd().end())
        .isEqualTo(new End(960, "stop", true));
  }

  private static List<Boolean> lossesBefore(CheckedAudioReader listener) {
    return listener.entries().stream().map(Entry::afterLoss).toList();
  }

  @Test
  void slowReader_receivesBoundedSlicesWithoutLoss() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    for (int i = 0; i < 20; i++) {
      caller.store(AudioAppend.MAX_BYTES);
    }
    caller.end(caller.tail(), "stop");
    CheckedAudioReader listener = CheckedAudioReader.of(contract, bus, caller.call(), 0);

    while (!listener.atEnd()) {
      AudioSlice slice = Answers.of(listener.reader().next());
      assertThat(slice.entries().stream().mapToInt(entry -> entry.pcm().length).sum())
          .isLessThanOrEqualTo(MAX_SLICE_BYTES);
      listener.receive(slice);
    }

    assertThat(listener.entries()).hasSize(20);
    assertThat(listener.entries().getLast().end()).isEqualTo(20L * AudioAppend.MAX_BYTES);
  }

  @Test
  void manySmallEntries_areReadInOrder() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    CheckedAudioReader listener = CheckedAudioReader.of(contract, contract.bus(), caller.call(), 0);
    for (int i = 0; i < 500; i++) {
      var _ = bus.audio().append(caller.at(i * 320L, (i + 1) * 320L, 320));
    }

    listener.readUpTo(500 * 320);

    assertThat(listener.entries())
        .hasSize(500)
        .isSortedAccordingTo((a, b) -> Long.compare(a.start(), b.start()));
  }

  @Test
  void twoReadersOfOneCall_receiveAllAudioEach() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    CheckedAudioReader first = CheckedAudioReader.of(contract, bus, caller.call(), 0);
    CheckedAudioReader second = CheckedAudioReader.of(contract, bus, caller.call(), 0);
    CompletionStage<AudioSlice> firstPending = first.reader().next();
    CompletionStage<AudioSlice> secondPending = second.reader().next();

    caller.store(320).store(320);

    assertThat(first.receive(Answers.of(firstPending)).readUpTo(640).ranges())
        .containsExactly("0-320", "320-640");
    assertThat(second.receive(Answers.of(secondPending)).readUpTo(640).ranges())
        .containsExactly("0-320", "320-640");
  }

  @Test
  void readersOfManyCalls_receiveTheirOwnAudio() {
    Bus bus = contract.bus();
    Bus readers = contract.bus();
    for (int i = 0; i < 50; i++) {
      Caller caller = Caller.openNew(bus, Samples.mono("call-" + i));
      CheckedAudioReader listener = CheckedAudioReader.of(contract, readers, caller.call(), 0);
      CompletionStage<AudioSlice> pending = listener.reader().next();
      caller.store(2 + 2 * i);
      assertThat(listener.receive(Answers.of(pending)).entries().getFirst().end())
          .isEqualTo(2 + 2 * i);
    }
  }

  @Test
  void closedReader_isNeverAnswered() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    AudioReader closed = contract.closing(bus.audio().read(caller.call(), 0));
    CompletionStage<AudioSlice> pending = closed.next();
    closed.close();

    caller.store(320);
    CheckedAudioReader.of(contract, bus, caller.call(), 0).readUpTo(320);

    assertThat(pending.toCompletableFuture()).isNotDone();
  }

  @Test
  void uncoveredAudio_isTrimmedAfterRetention() {
    Bus bus = contract.bus(BusLimits.USUAL.withAudioRetention(Duration.ofSeconds(4)));
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    for (int second = 0; second < 12; second++) {
      caller.store(16_000);
    }

    CheckedAudioReader listener =
        CheckedAudioReader.of(contract, bus, caller.call(), 0).readUpTo(192_000);

    assertThat(listener.entries().getFirst().start()).isBetween(16_000L, 128_000L);
    assertThat(Answers.of(bus.calls().find(caller.call())).orElseThrow().coveredBytes())
        .as("only the owner moves covered")
        .isZero();
  }

  @Test
  void recognizerConnected_audioIsKeptBeyondRetentionUpToLimit() {
    Bus bus = contract.bus(BusLimits.USUAL.withAudioRetention(Duration.ofSeconds(4)));
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();

    owner.setRecognizer(new RecognizerStatus(State.CONNECTED, "scripted", ""));
    appendSeconds(caller, 12, Long.MAX_VALUE);
    assertThat(oldest(bus, caller))
        .as("nothing is trimmed while a recogniser is connected")
        .isZero();

    appendSeconds(caller, 1, 8 * 16_000);
    assertThat(oldest(bus, caller)).as("bounded by mostUnreadBytes").isEqualTo(5 * 16_000);

    owner.setRecognizer(new RecognizerStatus(State.RECONNECTING, "scripted", "lost"));
    appendSeconds(caller, 1, Long.MAX_VALUE);
    assertThat(oldest(bus, caller)).as("no recogniser is connected").isEqualTo(10 * 16_000);
  }

  private static void appendSeconds(Caller caller, int seconds, long mostUnreadBytes) {
    for (int second = 0; second < seconds; second++) {
      AudioAppend next = caller.next(16_000);
      caller.append(
          new AudioAppend(
              next.call(),
              next.writer(),
              next.expectedTail(),
              next.end(),
              next.seq(),
              0,
              next.pcm(),
              next.arrivedMillis(),
              mostUnreadBytes));
    }
  }

  private long oldest(Bus bus, Caller caller) {
    return CheckedAudioReader.of(contract, bus, caller.call(), 0)
        .readUpTo(caller.tail())
        .entries()
        .getFirst()
        .start();
  }
}
