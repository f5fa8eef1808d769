package io.verbatim.pubsub.testkit;

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

/// How a call's audio is read.
abstract class ReadingContract {
  private static final int MAX_SLICE_BYTES = 256 * 1024;

  private final BusContract stage;

  ReadingContract(BusContract stage) {
    this.stage = stage;
  }

  @Test
  void reader_getsEveryByteInOrderWithItsArrival() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320).says(642).says(2);
    caller.end(964, "stop");

    Listener listener = Listener.of(stage, bus, caller.call(), 0).untilEnd();

    assertThat(listener.places()).containsExactly("0-320", "320-962", "962-964");
    assertThat(listener.entries())
        .extracting(Entry::arrivedMillis)
        .containsExactly(1320L, 1962L, 1964L);
    assertThat(listener.end()).isEqualTo(new End(964, "stop", false));
  }

  @Test
  void reader_waitsForACallThatHasNotBegun() {
    Bus bus = stage.bus();
    Listener listener = Listener.of(stage, bus, Samples.mono("call-1").call(), 0);
    CompletionStage<AudioSlice> asked = listener.reader().next();

    Caller.opens(stage.bus(), Samples.mono("call-1")).says(320);

    assertThat(listener.hears(Answers.of(asked)).places()).containsExactly("0-320");
  }

  @Test
  void reader_isWokenByEachEntryAndByTheEnd() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    Listener listener = Listener.of(stage, stage.bus(), caller.call(), 0);
    for (int i = 0; i < 20; i++) {
      CompletionStage<AudioSlice> asked = listener.reader().next();
      caller.says(320);
      listener.hears(Answers.of(asked));
    }
    CompletionStage<AudioSlice> asked = listener.reader().next();
    caller.end(6400, "stop");

    assertThat(listener.hears(Answers.of(asked)).end()).isEqualTo(new End(6400, "stop", false));
    assertThat(listener.entries()).hasSize(20);
  }

  @Test
  void readerThatBeginsWithinAnEntry_getsTheRestOfIt() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320).says(320);

    assertThat(Listener.of(stage, bus, caller.call(), 100).upTo(640).places())
        .containsExactly("100-320", "320-640");
    assertThat(Listener.of(stage, bus, caller.call(), 320).upTo(640).places())
        .containsExactly("320-640");
  }

  @Test
  void readerAtTheTail_getsWhatComes() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);
    Listener listener = Listener.of(stage, bus, caller.call(), 320);
    CompletionStage<AudioSlice> asked = listener.reader().next();

    caller.says(320);

    assertThat(listener.hears(Answers.of(asked)).places()).containsExactly("320-640");
  }

  @Test
  void readerAtTheEnd_isToldSo() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);
    caller.end(640, "timeout");

    for (long position : new long[] {320, 640}) {
      AudioSlice slice =
          Answers.of(stage.closing(bus.audio().read(caller.call(), position)).next());
      assertThat(slice.entries()).isEmpty();
      assertThat(slice.end()).contains(new End(640, "timeout", true));
    }
  }

  @Test
  void hole_isSeenByPositions() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320).losesThenSays(640, 320);

    assertThat(Listener.of(stage, bus, caller.call(), 0).upTo(1280).places())
        .containsExactly("0-320", "960-1280");
    assertThat(Listener.of(stage, bus, caller.call(), 500).upTo(1280).places())
        .containsExactly("960-1280");
  }

  @Test
  void entryBehindAHole_saysSo_unlessItIsReadFromWithin() {
    Bus bus = stage.bus();
    Caller caller =
        Caller.opens(bus, Samples.mono("call-1")).says(320).losesThenSays(640, 320).says(320);

    assertThat(lossesBefore(Listener.of(stage, bus, caller.call(), 0).upTo(1600)))
        .containsExactly(false, true, false);
    assertThat(lossesBefore(Listener.of(stage, bus, caller.call(), 500).upTo(1600)))
        .containsExactly(true, false);
    assertThat(lossesBefore(Listener.of(stage, bus, caller.call(), 1000).upTo(1600)))
        .containsExactly(false, false);
  }

  @Test
  void callThatBeginsWithAHole_saysSo() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).losesThenSays(320, 320);

    assertThat(lossesBefore(Listener.of(stage, bus, caller.call(), 0).upTo(640)))
        .containsExactly(true);
  }

  @Test
  void audioThatWasLetGo_isNoLoss() {
    Bus bus = stage.bus(BusLimits.USUAL.withAudioRetention(Duration.ofSeconds(4)));
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320).says(320).says(320);
    Owner owner = stage.closing(Worker.on(bus, 1)).takes();

    owner.says(0, 640, "hello");
    Listener covered = Listener.of(stage, bus, caller.call(), 0).upTo(960);
    assertThat(covered.places()).containsExactly("640-960");
    assertThat(lossesBefore(covered)).containsExactly(false);

    saysSeconds(caller, 12, Long.MAX_VALUE);
    Listener aged = Listener.of(stage, bus, caller.call(), 640).upTo(caller.tail());
    assertThat(aged.entries().getFirst().start()).isGreaterThan(960);
    assertThat(lossesBefore(aged)).containsOnly(false);
  }

  @Test
  void endAboveTheLastAudio_saysThatAudioIsMissing() {
    Bus bus = stage.bus();
    Caller whole = Caller.opens(bus, Samples.mono("whole")).losesThenSays(320, 320);
    Caller cut = Caller.opens(bus, Samples.mono("cut")).says(640);
    whole.end(640, "stop");
    cut.end(960, "stop");

    assertThat(Listener.of(stage, bus, whole.call(), 0).untilEnd().end())
        .isEqualTo(new End(640, "stop", false));
    assertThat(Listener.of(stage, bus, cut.call(), 0).untilEnd().end())
        .isEqualTo(new End(960, "stop", true));
  }

  private static List<Boolean> lossesBefore(Listener listener) {
    return listener.entries().stream().map(Entry::afterLoss).toList();
  }

  @Test
  void slowReader_getsBoundedSlicesAndMissesNothing() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    for (int i = 0; i < 20; i++) {
      caller.says(AudioAppend.MAX_BYTES);
    }
    caller.end(caller.tail(), "stop");
    Listener listener = Listener.of(stage, bus, caller.call(), 0);

    while (!listener.atEnd()) {
      AudioSlice slice = Answers.of(listener.reader().next());
      assertThat(slice.entries().stream().mapToInt(entry -> entry.pcm().length).sum())
          .isLessThanOrEqualTo(MAX_SLICE_BYTES);
      listener.hears(slice);
    }

    assertThat(listener.entries()).hasSize(20);
    assertThat(listener.entries().getLast().end()).isEqualTo(20L * AudioAppend.MAX_BYTES);
  }

  @Test
  void manySmallEntries_areReadInOrder() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    Listener listener = Listener.of(stage, stage.bus(), caller.call(), 0);
    for (int i = 0; i < 500; i++) {
      var _ = bus.audio().append(caller.at(i * 320L, (i + 1) * 320L, 320));
    }

    listener.upTo(500 * 320);

    assertThat(listener.entries())
        .hasSize(500)
        .isSortedAccordingTo((a, b) -> Long.compare(a.start(), b.start()));
  }

  @Test
  void twoReadersOfACall_getEverythingEach() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    Listener first = Listener.of(stage, bus, caller.call(), 0);
    Listener second = Listener.of(stage, bus, caller.call(), 0);
    CompletionStage<AudioSlice> firstAsked = first.reader().next();
    CompletionStage<AudioSlice> secondAsked = second.reader().next();

    caller.says(320).says(320);

    assertThat(first.hears(Answers.of(firstAsked)).upTo(640).places())
        .containsExactly("0-320", "320-640");
    assertThat(second.hears(Answers.of(secondAsked)).upTo(640).places())
        .containsExactly("0-320", "320-640");
  }

  @Test
  void readersOfManyCalls_getEachTheirOwn() {
    Bus bus = stage.bus();
    Bus readers = stage.bus();
    for (int i = 0; i < 50; i++) {
      Caller caller = Caller.opens(bus, Samples.mono("call-" + i));
      Listener listener = Listener.of(stage, readers, caller.call(), 0);
      CompletionStage<AudioSlice> asked = listener.reader().next();
      caller.says(2 + 2 * i);
      assertThat(listener.hears(Answers.of(asked)).entries().getFirst().end()).isEqualTo(2 + 2 * i);
    }
  }

  @Test
  void closedReader_isNeverAnswered() {
    Bus bus = stage.bus();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    AudioReader closed = stage.closing(bus.audio().read(caller.call(), 0));
    CompletionStage<AudioSlice> asked = closed.next();
    closed.close();

    caller.says(320);
    Listener.of(stage, bus, caller.call(), 0).upTo(320);

    assertThat(asked.toCompletableFuture()).isNotDone();
  }

  @Test
  void audioNobodyCovers_agesOutButTheNewestStays() {
    Bus bus = stage.bus(BusLimits.USUAL.withAudioRetention(Duration.ofSeconds(4)));
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    for (int second = 0; second < 12; second++) {
      caller.says(16_000);
    }

    Listener listener = Listener.of(stage, bus, caller.call(), 0).upTo(192_000);

    assertThat(listener.entries().getFirst().start()).isBetween(16_000L, 128_000L);
    assertThat(Answers.of(bus.calls().find(caller.call())).orElseThrow().coveredBytes())
        .as("only the owner writes gaps")
        .isZero();
  }

  @Test
  void audioThatIsHeard_staysBeyondTheRetention_asFarAsThereIsRoom() {
    Bus bus = stage.bus(BusLimits.USUAL.withAudioRetention(Duration.ofSeconds(4)));
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    Owner owner = stage.closing(Worker.on(bus, 1)).takes();

    owner.recognizer(new RecognizerStatus(State.CONNECTED, "scripted", ""));
    saysSeconds(caller, 12, Long.MAX_VALUE);
    assertThat(oldest(bus, caller)).as("nothing is let go while it is heard").isZero();

    saysSeconds(caller, 1, 8 * 16_000);
    assertThat(oldest(bus, caller)).as("no more than there is room for").isEqualTo(5 * 16_000);

    owner.recognizer(new RecognizerStatus(State.RECONNECTING, "scripted", "lost"));
    saysSeconds(caller, 1, Long.MAX_VALUE);
    assertThat(oldest(bus, caller)).as("nobody hears it").isEqualTo(10 * 16_000);
  }

  private static void saysSeconds(Caller caller, int seconds, long mostUnreadBytes) {
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
    return Listener.of(stage, bus, caller.call(), 0)
        .upTo(caller.tail())
        .entries()
        .getFirst()
        .start();
  }
}
