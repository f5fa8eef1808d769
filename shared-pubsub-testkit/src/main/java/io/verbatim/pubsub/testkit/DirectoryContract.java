package io.verbatim.pubsub.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallRecord.State;
import io.verbatim.pubsub.message.RecognizerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Which calls there are, and how that is followed.
abstract class DirectoryContract {
  private final BusContract stage;

  DirectoryContract(BusContract stage) {
    this.stage = stage;
  }

  private static List<String> ids(List<CallRecord> records) {
    return records.stream().map(record -> record.call().value()).toList();
  }

  private static List<CallRecord> until(
      DirectoryReader reader, Predicate<List<CallRecord>> wanted) {
    List<CallRecord> calls = Answers.of(reader.next());
    while (!wanted.test(calls)) {
      calls = Answers.of(reader.next());
    }
    return calls;
  }

  /// Activity is told apart by the millisecond.
  private static void letTheClockMoveOn() {
    Instant now = Instant.now();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> Instant.now().isAfter(now.plusMillis(2)));
  }

  @Test
  void newCall_isFound() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.mono("call-1")).says(640);

    CallRecord record = Answers.of(stage.bus().calls().find(new CallId("call-1"))).orElseThrow();

    assertThat(record.start()).isEqualTo(Samples.mono("call-1"));
    assertThat(record.state()).isEqualTo(State.LIVE);
    assertThat(record.endReason()).isEmpty();
    assertThat(record.complete()).isFalse();
    assertThat(record.recognizer()).isNull();
    assertThat(record.receivedBytes()).isEqualTo(640);
    assertThat(record.takes()).isZero();
  }

  @Test
  void callNobodyOpened_isNotFound() {
    assertThat(Answers.of(stage.bus().calls().find(new CallId("nobody")))).isEmpty();
  }

  @Test
  void recognizersState_isPartOfTheRecord() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.mono("call-1"));
    RecognizerStatus status =
        new RecognizerStatus(RecognizerStatus.State.UNAVAILABLE, "nova-3", "bad request");
    stage.closing(Worker.on(bus, 1)).takes().recognizer(status);

    assertThat(Answers.of(bus.calls().find(new CallId("call-1"))).orElseThrow().recognizer())
        .isEqualTo(status);
  }

  @Test
  void callsOfOneTenant_areFoundBehindAllOthers() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.start("mine-1", "small", Samples.MONO));
    letTheClockMoveOn();
    Caller.opens(bus, Samples.start("mine-2", "small", Samples.MONO));
    letTheClockMoveOn();
    for (int i = 0; i < 501; i++) {
      Caller.opens(bus, Samples.mono("other-" + i));
    }

    assertThat(ids(Answers.of(bus.calls().newestOf("small", 10))))
        .containsExactly("mine-2", "mine-1");
    assertThat(ids(Answers.of(bus.calls().newestOf("small", 1)))).containsExactly("mine-2");
    assertThat(Answers.of(bus.calls().newestOf("acme", 500))).hasSize(500);
    assertThat(Answers.of(bus.calls().newestOf("nobody", 10))).isEmpty();
  }

  @Test
  void newestActivity_comesFirst() {
    Bus bus = stage.bus();
    for (String id : List.of("a", "b", "c", "d")) {
      Caller.opens(bus, Samples.mono(id));
      letTheClockMoveOn();
    }

    assertThat(ids(Answers.of(bus.calls().newest(3)))).containsExactly("d", "c", "b");
    assertThat(ids(Answers.of(bus.calls().newest(10)))).containsExactly("d", "c", "b", "a");
  }

  @Test
  void changeOfState_isActivity() {
    Bus bus = stage.bus();
    Caller first = Caller.opens(bus, Samples.mono("a"));
    Owner owner = stage.closing(Worker.on(bus, 1)).takes();
    letTheClockMoveOn();
    Caller.opens(bus, Samples.mono("b"));
    letTheClockMoveOn();

    first.end(0, "stop");
    owner.ends(0);

    Awaitility.await()
        .until(() -> ids(Answers.of(bus.calls().newest(2))).equals(List.of("a", "b")));
  }

  @Test
  void noCalls_isAnAnswerToo() {
    assertThat(Answers.of(stage.bus().calls().newest(10))).isEmpty();
    assertThat(Answers.of(stage.closing(stage.bus().calls().follow(10)).next())).isEmpty();
  }

  @Test
  void follower_isToldOfCallsThatComeAndEnd() {
    Bus bus = stage.bus();
    DirectoryReader reader = stage.closing(stage.bus().calls().follow(10));
    assertThat(Answers.of(reader.next())).isEmpty();
    CompletionStage<List<CallRecord>> asked = reader.next();
    Caller caller = Caller.opens(bus, Samples.mono("call-1"));
    assertThat(ids(Answers.of(asked))).containsExactly("call-1");

    Caller.opens(bus, Samples.mono("call-2"));
    until(reader, calls -> calls.size() == 2);

    caller.end(0, "stop");
    Owner owner = stage.closing(Worker.on(bus, 2)).takes();
    owner.ends(0);
    List<CallRecord> calls =
        until(reader, now -> now.stream().anyMatch(call -> call.state() == State.ENDED));

    assertThat(calls)
        .filteredOn(call -> call.state() == State.ENDED)
        .extracting(CallRecord::call)
        .containsExactly(owner.call());
  }

  @Test
  void follower_isToldHowTheRecognizerFares() {
    Bus bus = stage.bus();
    DirectoryReader reader = stage.closing(stage.bus().calls().follow(10));
    Caller.opens(bus, Samples.mono("call-1"));
    Owner owner = stage.closing(Worker.on(bus, 1)).takes();
    until(reader, calls -> calls.size() == 1);

    for (String recognizer : List.of("one", "another")) {
      RecognizerStatus status =
          new RecognizerStatus(RecognizerStatus.State.CONNECTED, recognizer, "");
      owner.recognizer(status);
      until(reader, calls -> status.equals(calls.getFirst().recognizer()));
    }
  }

  @Test
  void endedCall_isForgottenWithItsTranscriptAfterTheRetention() {
    BusLimits brief = BusLimits.USUAL.withTranscriptRetention(Duration.ofSeconds(2));
    Bus bus = stage.bus(brief);
    Caller caller = Caller.opens(bus, Samples.mono("call-1")).says(320);
    caller.end(320, "stop");
    Worker worker = stage.closing(Worker.on(bus, 1));
    Owner owner = worker.takes();
    owner.says(0, 320, "hello");
    owner.ends(320);
    worker.release(owner);
    assertThat(Answers.of(bus.transcripts().read(owner.call(), "0-0", 10))).hasSize(2);

    Awaitility.await().until(() -> Answers.of(bus.calls().find(owner.call())).isEmpty());

    assertThat(Answers.of(bus.transcripts().read(owner.call(), "0-0", 10))).isEmpty();
    assertThat(Answers.of(bus.calls().newest(10))).isEmpty();
    Caller.opens(bus, Samples.mono("call-1"));
  }

  @Test
  void followerOfFewCalls_getsTheNewest() {
    Bus bus = stage.bus();
    for (String id : List.of("a", "b", "c")) {
      Caller.opens(bus, Samples.mono(id));
      letTheClockMoveOn();
    }
    DirectoryReader reader = stage.closing(bus.calls().follow(2));

    assertThat(ids(Answers.of(reader.next()))).containsExactly("c", "b");
    Caller.opens(bus, Samples.mono("d"));
    assertThat(ids(until(reader, calls -> ids(calls).contains("d")))).containsExactly("d", "c");
  }

  @Test
  void closedFollower_isNeverAnswered() {
    Bus bus = stage.bus();
    DirectoryReader closed = stage.closing(bus.calls().follow(10));
    Answers.of(closed.next());
    CompletionStage<List<CallRecord>> asked = closed.next();
    closed.close();
    DirectoryReader other = stage.closing(bus.calls().follow(10));

    Caller.opens(bus, Samples.mono("call-1"));
    until(other, calls -> !calls.isEmpty());

    assertThat(asked.toCompletableFuture()).isNotDone();
  }
}
