package io.verbatim.pubsub.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Who is given a call, how many, and what becomes of those a worker leaves.
abstract class LeasesContract {
  /// So long that whatever happens in a test does not happen because a lease ran out.
  private static final BusLimits LONG_LEASE = BusLimits.USUAL.withLease(Duration.ofMinutes(5));

  private final BusContract stage;

  LeasesContract(BusContract stage) {
    this.stage = stage;
  }

  @Test
  void worker_takesAsManyCallsAsItHasPermits() {
    Bus bus = stage.bus();
    Worker worker = stage.closing(Worker.on(bus, 2));
    opens(bus, 5);
    Owner first = worker.takes();
    Owner second = worker.takes();
    Worker other = stage.closing(Worker.on(stage.bus(), 3));

    Set<CallId> others = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      others.add(other.takes().call());
    }

    assertThat(worker.waiting()).isZero();
    assertThat(others).hasSize(3).doesNotContain(first.call(), second.call());
  }

  @Test
  void permitThatIsFreedByARelease_isUsedForTheNextCall() {
    Bus bus = stage.bus();
    opens(bus, 3);
    Worker worker = stage.closing(Worker.on(bus, 1));
    Set<CallId> taken = new HashSet<>();

    for (int i = 0; i < 3; i++) {
      Owner owner = worker.takes();
      assertThat(worker.waiting()).isZero();
      taken.add(owner.call());
      owner.ends(0);
      worker.release(owner);
    }

    assertThat(taken).hasSize(3);
  }

  @Test
  void everyCall_isGivenToExactlyOneOfManyWorkers() {
    Bus bus = stage.bus();
    List<Worker> workers =
        Stream.generate(() -> stage.closing(Worker.on(stage.bus(), 20))).limit(3).toList();
    opens(bus, 30);

    Awaitility.await().until(() -> workers.stream().mapToInt(Worker::waiting).sum() >= 30);

    assertThat(taken(workers)).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void callsThatComeOneByOne_areSharedAmongWorkers() {
    Bus bus = stage.bus();
    List<Worker> workers =
        Stream.generate(() -> stage.closing(Worker.on(stage.bus(), 20))).limit(2).toList();

    for (int i = 1; i <= 12; i++) {
      int expected = i;
      Caller.opens(bus, Samples.mono("call-" + i));
      Awaitility.await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> workers.stream().mapToInt(Worker::waiting).sum() == expected);
    }

    assertThat(workers)
        .extracting(Worker::waiting)
        .allSatisfy(calls -> assertThat(calls).isGreaterThanOrEqualTo(2));
  }

  @Test
  void twoWorkersOnOneBus_eachHaveTheirCalls() {
    Bus bus = stage.bus();
    Worker first = stage.closing(Worker.on(bus, 1));
    Worker second = stage.closing(Worker.on(bus, 1));
    opens(bus, 2);

    Owner one = first.takes();
    Owner other = second.takes();

    assertThat(one.call()).isNotEqualTo(other.call());
    assertThat(one.covers(0, 0, 0)).isEqualTo(new WriteResult.Written<>(0L));
    assertThat(other.covers(0, 0, 0)).isEqualTo(new WriteResult.Written<>(0L));
  }

  @Test
  void releasedCall_isNotGivenAgain() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.mono("call-1"));
    Worker first = stage.closing(Worker.on(bus, 4));
    Owner owner = first.takes();
    owner.ends(0);
    first.release(owner);
    first.handsOver();
    Worker second = stage.closing(Worker.on(stage.bus(), 4));
    Caller.opens(bus, Samples.mono("call-2"));

    assertThat(second.takes().call()).isEqualTo(Samples.mono("call-2").call());
    assertThat(second.waiting()).isZero();
  }

  @Test
  void releaseOfACallThatIsAnothers_leavesItThere() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.mono("call-1")).says(320);
    Worker first = stage.closing(Worker.on(bus, 1));
    Owner before = first.takes();
    first.handsOver();
    Owner owner = stage.closing(Worker.on(stage.bus(), 1)).takes();

    first.release(before);
    first.givesBack(before);

    assertThat(owner.says(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
    Worker third = stage.closing(Worker.on(stage.bus(), 4));
    Caller.opens(bus, Samples.mono("call-2"));
    assertThat(third.takes().call()).isEqualTo(Samples.mono("call-2").call());
  }

  @Test
  void releaseByAnEarlierGrant_leavesTheCallWithItsLaterOne() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.mono("call-1")).says(320);
    Worker worker = stage.closing(Worker.on(bus, 1));
    Owner before = worker.takes();
    worker.reconsiders(before);
    Owner after = worker.takes();

    worker.release(before);
    worker.givesBack(before);

    assertThat(after.says(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
    assertThat(worker.waiting()).isZero();
    worker.handsOver();
    assertThat(stage.closing(Worker.on(stage.bus(), 1)).takes().call()).isEqualTo(after.call());
  }

  @Test
  void callGivenBack_goesToAnotherAtOnce() {
    Bus bus = stage.bus(LONG_LEASE);
    Caller.opens(bus, Samples.mono("call-1")).says(320);
    Worker first = stage.closing(Worker.on(bus, 1));
    Owner before = first.takes();
    Worker second = stage.closing(Worker.on(stage.bus(LONG_LEASE), 1));
    first.givesBack(before);

    Owner after = second.takes();

    assertThat(after.call()).isEqualTo(before.call());
    assertThat(before.triesEverything()).containsOnly(new WriteResult.Fenced<>());
    assertThat(after.says(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void handOver_givesEveryCallToOthersAtOnceAndTakesNothingMore() {
    Bus bus = stage.bus(LONG_LEASE);
    opens(bus, 3);
    Worker first = stage.closing(Worker.on(bus, 8));
    List<Owner> before = List.of(first.takes(), first.takes(), first.takes());
    first.handsOver();
    Worker second = stage.closing(Worker.on(stage.bus(LONG_LEASE), 8));
    List<Owner> after = List.of(second.takes(), second.takes(), second.takes());
    Caller.opens(bus, Samples.mono("late"));

    assertThat(second.takes().call()).isEqualTo(new CallId("late"));
    assertThat(first.waiting()).as("calls taken after the hand-over").isZero();
    assertThat(after)
        .extracting(Owner::call)
        .containsExactlyInAnyOrderElementsOf(before.stream().map(Owner::call).toList());
    assertThat(before)
        .allSatisfy(
            owner -> assertThat(owner.triesEverything()).containsOnly(new WriteResult.Fenced<>()));
  }

  @Test
  void handOver_wakesAWorkerThatIsIdle() {
    Bus bus = stage.bus(LONG_LEASE);
    Caller.opens(bus, Samples.mono("call-1"));
    Worker first = stage.closing(Worker.on(bus, 1));
    CallId call = first.takes().call();
    Worker idle = stage.closing(Worker.on(stage.bus(LONG_LEASE), 1));
    first.handsOver();

    assertThat(idle.takes().call()).isEqualTo(call);
  }

  @Test
  void handOverOfNothing_completes() {
    Worker worker = stage.closing(Worker.on(stage.bus(), 2));

    worker.handsOver();

    assertThat(worker.waiting()).isZero();
  }

  @Test
  void callsOfASilentWorker_areGivenToOthersAfterTheLease() {
    Bus bus = stage.bus();
    opens(bus, 3);
    Worker first = stage.closing(Worker.on(bus, 3));
    List<Owner> before = List.of(first.takes(), first.takes(), first.takes());
    Worker second = stage.closing(Worker.on(stage.bus(), 3));
    first.close();

    List<Owner> after = List.of(second.takes(), second.takes(), second.takes());

    assertThat(after)
        .extracting(Owner::call)
        .containsExactlyInAnyOrderElementsOf(before.stream().map(Owner::call).toList());
    assertThat(after).extracting(owner -> owner.grant().epoch()).containsOnly(2L);
    assertThat(before)
        .allSatisfy(
            owner -> assertThat(owner.triesEverything()).containsOnly(new WriteResult.Fenced<>()));
  }

  @Test
  void workerThatHoldsItsCalls_keepsThemBeyondTheLease() {
    BusLimits shortLease = BusLimits.USUAL.withLease(Duration.ofMillis(400));
    Bus bus = stage.bus(shortLease);
    Caller.opens(bus, Samples.mono("kept")).says(320);
    Owner kept = stage.closing(Worker.on(bus, 1)).takes();
    Bus others = stage.bus(shortLease);
    Caller.opens(others, Samples.mono("left"));
    Worker crashing = stage.closing(Worker.on(others, 1));
    crashing.takes();
    crashing.close();
    Worker heir = stage.closing(Worker.on(stage.bus(shortLease), 4));

    assertThat(heir.takes().call()).as("a lease has run out by now").isEqualTo(new CallId("left"));
    assertThat(heir.waiting()).isZero();
    assertThat(kept.says(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void callThatEndedBeforeItsWorkerFellSilent_isNotGivenAgain() {
    Bus bus = stage.bus();
    opens(bus, 2);
    Worker first = stage.closing(Worker.on(bus, 2));
    Owner ended = first.takes();
    Owner live = first.takes();
    ended.ends(0);
    first.close();
    Worker second = stage.closing(Worker.on(stage.bus(), 4));

    assertThat(second.takes().call()).isEqualTo(live.call());
    Caller.opens(bus, Samples.mono("late"));
    assertThat(second.takes().call()).isEqualTo(new CallId("late"));
    assertThat(second.waiting()).isZero();
  }

  @Test
  void callsThatComeAtOnce_areSharedAmongIdleWorkers() {
    Bus bus = stage.bus(LONG_LEASE);
    List<Worker> workers = workers(3, LONG_LEASE);
    int known = untilEachHasOne(bus, workers);

    IntStream.rangeClosed(known + 1, 60)
        .forEach(i -> bus.audio().open(Samples.mono("call-" + i), "writer-" + i, false));
    Awaitility.await().until(() -> waiting(workers) == 60);

    assertThat(workers)
        .extracting(Worker::waiting)
        .allSatisfy(calls -> assertThat(calls).isBetween(18, 22));
  }

  @Test
  void callsOfASilentWorker_spreadOverTheLiving() {
    Bus bus = stage.bus();
    Worker dying = stage.closing(Worker.on(bus, 100));
    opens(bus, 24);
    Awaitility.await().until(() -> dying.waiting() == 24);
    List<Worker> living = workers(3, BusLimits.USUAL);

    dying.close();
    Awaitility.await().until(() -> waiting(living) == 24);

    assertThat(living)
        .extracting(Worker::waiting)
        .allSatisfy(calls -> assertThat(calls).isBetween(6, 10));
  }

  @Test
  void callThatIsStillTheWorkers_isGrantedAnewWhenReconsidered() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.mono("call-1")).says(320);
    Worker worker = stage.closing(Worker.on(bus, 1));
    Owner before = worker.takes();

    worker.reconsiders(before);
    Owner after = worker.takes();

    assertThat(before.triesEverything()).containsOnly(new WriteResult.Fenced<>());
    assertThat(after.says(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  /// Opens calls one by one until every worker is known to be there; answers how many.
  private static int untilEachHasOne(Bus bus, List<Worker> workers) {
    int calls = 0;
    while (workers.stream().anyMatch(worker -> worker.waiting() == 0)) {
      int expected = ++calls;
      Caller.opens(bus, Samples.mono("call-" + calls));
      Awaitility.await().until(() -> waiting(workers) == expected);
    }
    return calls;
  }

  private List<Worker> workers(int count, BusLimits limits) {
    return Stream.generate(() -> stage.closing(Worker.on(stage.bus(limits), 100)))
        .limit(count)
        .toList();
  }

  private static int waiting(List<Worker> workers) {
    return workers.stream().mapToInt(Worker::waiting).sum();
  }

  private static void opens(Bus bus, int calls) {
    IntStream.rangeClosed(1, calls).forEach(i -> Caller.opens(bus, Samples.mono("call-" + i)));
  }

  private static List<CallId> taken(List<Worker> workers) {
    return workers.stream()
        .flatMap(
            worker -> IntStream.range(0, worker.waiting()).mapToObj(_ -> worker.takes().call()))
        .toList();
  }
}
