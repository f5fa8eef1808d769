package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.DirectoryReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallRecord.State;
import io.verbatim.pubsub.message.EraseOutcome;
import io.verbatim.pubsub.message.RecognizerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// The contract of the call directory and its readers.
abstract class DirectoryContract {
  private final BusContract contract;

  DirectoryContract(BusContract contract) {
    this.contract = contract;
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

  /// Waits, because activity is compared in milliseconds.
  private static void letTheClockMoveOn() {
    Instant now = Instant.now();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> Instant.now().isAfter(now.plusMillis(2)));
  }

  @Test
  void newCall_isFound() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1")).store(640);

    CallRecord record = Answers.of(contract.bus().calls().find(new CallId("call-1"))).orElseThrow();

    assertThat(record.start()).isEqualTo(Samples.mono("call-1"));
    assertThat(record.state()).isEqualTo(State.LIVE);
    assertThat(record.endReason()).isEmpty();
    assertThat(record.complete()).isFalse();
    assertThat(record.recognizer()).isNull();
    assertThat(record.receivedBytes()).isEqualTo(640);
    assertThat(record.claims()).isZero();
  }

  @Test
  void unknownCall_isNotFound() {
    assertThat(Answers.of(contract.bus().calls().find(new CallId("unknown")))).isEmpty();
  }

  @Test
  void recognizerState_isInTheRecord() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1"));
    RecognizerStatus status =
        new RecognizerStatus(RecognizerStatus.State.UNAVAILABLE, "nova-3", "bad request");
    contract.closing(Worker.on(bus, 1)).awaitGrant().setRecognizer(status);

    assertThat(Answers.of(bus.calls().find(new CallId("call-1"))).orElseThrow().recognizer())
        .isEqualTo(status);
  }

  @Test
  void callsOfOneTenant_areFoundBehindManyOthers() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.start("mine-1", "small", Samples.MONO));
    letTheClockMoveOn();
    Caller.openNew(bus, Samples.start("mine-2", "small", Samples.MONO));
    letTheClockMoveOn();
    for (int i = 0; i < 501; i++) {
      Caller.openNew(bus, Samples.mono("other-" + i));
    }

    assertThat(ids(Answers.of(bus.calls().newestOf("small", 10))))
        .containsExactly("mine-2", "mine-1");
    assertThat(ids(Answers.of(bus.calls().newestOf("small", 1)))).containsExactly("mine-2");
    assertThat(Answers.of(bus.calls().newestOf("acme", 500))).hasSize(500);
    assertThat(Answers.of(bus.calls().newestOf("unknown", 10))).isEmpty();
  }

  @Test
  void newestActivity_comesFirst() {
    Bus bus = contract.bus();
    for (String id : List.of("a", "b", "c", "d")) {
      Caller.openNew(bus, Samples.mono(id));
      letTheClockMoveOn();
    }

    assertThat(ids(Answers.of(bus.calls().newest(3)))).containsExactly("d", "c", "b");
    assertThat(ids(Answers.of(bus.calls().newest(10)))).containsExactly("d", "c", "b", "a");
  }

  @Test
  void activity_isPagedNewestFirst() {
    Bus bus = contract.bus();
    for (String id : List.of("a", "b", "c")) {
      Caller.openNew(bus, Samples.mono(id));
      letTheClockMoveOn();
    }

    Map<CallId, Instant> first = Answers.of(bus.calls().activity(0, 2));

    assertThat(first.keySet()).containsExactly(new CallId("c"), new CallId("b"));
    assertThat(Answers.of(bus.calls().activity(2, 2)).keySet()).containsExactly(new CallId("a"));
    assertThat(Answers.of(bus.calls().activity(3, 2))).isEmpty();
    assertThat(Answers.of(bus.calls().find(new CallId("c"))).orElseThrow().lastActivity())
        .isEqualTo(first.get(new CallId("c")));
  }

  @Test
  void endedCall_isErasedOnce() {
    Bus bus = contract.bus();
    CallId call = new CallId("a");
    Caller caller = Caller.openNew(bus, Samples.mono("a"));
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();

    assertThat(Answers.of(bus.calls().erase(call))).isEqualTo(EraseOutcome.LIVE);
    assertThat(Answers.of(bus.calls().find(call))).isPresent();
    caller.end(0, "stop");
    owner.end(0);
    assertThat(Answers.of(bus.calls().erase(call))).isEqualTo(EraseOutcome.ERASED);

    assertThat(Answers.of(bus.calls().find(call))).isEmpty();
    assertThat(Answers.of(bus.calls().activity(0, 10))).isEmpty();
    assertThat(Answers.of(bus.transcripts().newest(call, 1))).isEmpty();
    assertThat(Answers.of(bus.calls().erase(call))).isEqualTo(EraseOutcome.UNKNOWN);
  }

  @Test
  void changeOfState_isActivity() {
    Bus bus = contract.bus();
    Caller first = Caller.openNew(bus, Samples.mono("a"));
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();
    letTheClockMoveOn();
    Caller.openNew(bus, Samples.mono("b"));
    letTheClockMoveOn();

    first.end(0, "stop");
    owner.end(0);

    Awaitility.await()
        .until(() -> ids(Answers.of(bus.calls().newest(2))).equals(List.of("a", "b")));
  }

  @Test
  void noCalls_returnsEmptyList() {
    assertThat(Answers.of(contract.bus().calls().newest(10))).isEmpty();
    assertThat(Answers.of(contract.closing(contract.bus().calls().follow(10)).next())).isEmpty();
  }

  @Test
  void follower_receivesStartedAndEndedCalls() {
    Bus bus = contract.bus();
    DirectoryReader reader = contract.closing(contract.bus().calls().follow(10));
    assertThat(Answers.of(reader.next())).isEmpty();
    CompletionStage<List<CallRecord>> asked = reader.next();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    assertThat(ids(Answers.of(asked))).containsExactly("call-1");

    Caller.openNew(bus, Samples.mono("call-2"));
    until(reader, calls -> calls.size() == 2);

    caller.end(0, "stop");
    Owner owner = contract.closing(Worker.on(bus, 2)).awaitGrant();
    owner.end(0);
    List<CallRecord> calls =
        until(reader, now -> now.stream().anyMatch(call -> call.state() == State.ENDED));

    assertThat(calls)
        .filteredOn(call -> call.state() == State.ENDED)
        .extracting(CallRecord::call)
        .containsExactly(owner.call());
  }

  @Test
  void follower_receivesRecognizerState() {
    Bus bus = contract.bus();
    DirectoryReader reader = contract.closing(contract.bus().calls().follow(10));
    Caller.openNew(bus, Samples.mono("call-1"));
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();
    until(reader, calls -> calls.size() == 1);

    for (String recognizer : List.of("one", "another")) {
      RecognizerStatus status =
          new RecognizerStatus(RecognizerStatus.State.CONNECTED, recognizer, "");
      owner.setRecognizer(status);
      until(reader, calls -> status.equals(calls.getFirst().recognizer()));
    }
  }

  @Test
  void endedCall_expiresWithItsTranscript() {
    BusLimits brief = BusLimits.USUAL.withTranscriptRetention(Duration.ofSeconds(2));
    Bus bus = contract.bus(brief);
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    caller.end(320, "stop");
    Worker worker = contract.closing(Worker.on(bus, 1));
    Owner owner = worker.awaitGrant();
    owner.appendFinal(0, 320, "hello");
    owner.end(320);
    worker.release(owner);
    assertThat(Answers.of(bus.transcripts().read(owner.call(), "0-0", 10))).hasSize(2);

    Awaitility.await().until(() -> Answers.of(bus.calls().find(owner.call())).isEmpty());

    assertThat(Answers.of(bus.transcripts().read(owner.call(), "0-0", 10))).isEmpty();
    assertThat(Answers.of(bus.calls().newest(10))).isEmpty();
    Caller.openNew(bus, Samples.mono("call-1"));
  }

  @Test
  void followerWithLimit_receivesNewestCalls() {
    Bus bus = contract.bus();
    for (String id : List.of("a", "b", "c")) {
      Caller.openNew(bus, Samples.mono(id));
      letTheClockMoveOn();
    }
    DirectoryReader reader = contract.closing(bus.calls().follow(2));

    assertThat(ids(Answers.of(reader.next()))).containsExactly("c", "b");
    Caller.openNew(bus, Samples.mono("d"));
    assertThat(ids(until(reader, calls -> ids(calls).contains("d")))).containsExactly("d", "c");
  }

  @Test
  void closedFollower_isNeverAnswered() {
    Bus bus = contract.bus();
    DirectoryReader closed = contract.closing(bus.calls().follow(10));
    Answers.of(closed.next());
    CompletionStage<List<CallRecord>> asked = closed.next();
    closed.close();
    DirectoryReader other = contract.closing(bus.calls().follow(10));

    Caller.openNew(bus, Samples.mono("call-1"));
    until(other, calls -> !calls.isEmpty());

    assertThat(asked.toCompletableFuture()).isNotDone();
  }
}
