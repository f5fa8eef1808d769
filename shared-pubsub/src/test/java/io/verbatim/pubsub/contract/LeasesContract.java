package io.verbatim.pubsub.contract;

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

/// The contract of leases: which worker gets which calls, and what happens to the calls of a worker
/// that stops.
abstract class LeasesContract {
  /// Long enough that no lease expires during a test.
  private static final BusLimits LONG_LEASE = BusLimits.USUAL.withLease(Duration.ofMinutes(5));

  private final BusContract contract;

  LeasesContract(BusContract contract) {
    this.contract = contract;
  }

  @Test
  void worker_claimsUpToItsPermits() {
    Bus bus = contract.bus();
    Worker worker = contract.closing(Worker.on(bus, 2));
    openCalls(bus, 5);
    Owner first = worker.awaitGrant();
    Owner second = worker.awaitGrant();
    Worker other = contract.closing(Worker.on(contract.bus(), 3));

    Set<CallId> others = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      others.add(other.awaitGrant().call());
    }

    assertThat(worker.unpolled()).isZero();
    assertThat(others).hasSize(3).doesNotContain(first.call(), second.call());
  }

  @Test
  void releasedPermit_isUsedForNextCall() {
    Bus bus = contract.bus();
    openCalls(bus, 3);
    Worker worker = contract.closing(Worker.on(bus, 1));
    Set<CallId> claimed = new HashSet<>();

    for (int i = 0; i < 3; i++) {
      Owner owner = worker.awaitGrant();
      assertThat(worker.unpolled()).isZero();
      claimed.add(owner.call());
      owner.end(0);
      worker.release(owner);
    }

    assertThat(claimed).hasSize(3);
  }

  @Test
  void eachCall_isGrantedToExactlyOneWorker() {
    Bus bus = contract.bus();
    List<Worker> workers =
        Stream.generate(() -> contract.closing(Worker.on(contract.bus(), 20))).limit(3).toList();
    openCalls(bus, 30);

    Awaitility.await().until(() -> workers.stream().mapToInt(Worker::unpolled).sum() >= 30);

    assertThat(claimed(workers)).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void callsOpenedOneByOne_areSharedAmongWorkers() {
    Bus bus = contract.bus();
    List<Worker> workers =
        Stream.generate(() -> contract.closing(Worker.on(contract.bus(), 20))).limit(2).toList();

    for (int i = 1; i <= 12; i++) {
      int expected = i;
      Caller.openNew(bus, Samples.mono("call-" + i));
      Awaitility.await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> workers.stream().mapToInt(Worker::unpolled).sum() == expected);
    }

    assertThat(workers)
        .extracting(Worker::unpolled)
        .allSatisfy(calls -> assertThat(calls).isGreaterThanOrEqualTo(2));
  }

  @Test
  void twoWorkersOnOneBus_ownSeparateCalls() {
    Bus bus = contract.bus();
    Worker first = contract.closing(Worker.on(bus, 1));
    Worker second = contract.closing(Worker.on(bus, 1));
    openCalls(bus, 2);

    Owner one = first.awaitGrant();
    Owner other = second.awaitGrant();

    assertThat(one.call()).isNotEqualTo(other.call());
    assertThat(one.cover(0, 0, 0)).isEqualTo(new WriteResult.Written<>(0L));
    assertThat(other.cover(0, 0, 0)).isEqualTo(new WriteResult.Written<>(0L));
  }

  @Test
  void releasedCall_isNotGrantedAgain() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1"));
    Worker first = contract.closing(Worker.on(bus, 4));
    Owner owner = first.awaitGrant();
    owner.end(0);
    first.release(owner);
    first.handOver();
    Worker second = contract.closing(Worker.on(contract.bus(), 4));
    Caller.openNew(bus, Samples.mono("call-2"));

    assertThat(second.awaitGrant().call()).isEqualTo(Samples.mono("call-2").call());
    assertThat(second.unpolled()).isZero();
  }

  @Test
  void releaseOfCallOfAnotherWorker_hasNoEffect() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1")).store(320);
    Worker first = contract.closing(Worker.on(bus, 1));
    Owner before = first.awaitGrant();
    first.handOver();
    Owner owner = contract.closing(Worker.on(contract.bus(), 1)).awaitGrant();

    first.release(before);
    first.giveBack(before);

    assertThat(owner.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
    Worker third = contract.closing(Worker.on(contract.bus(), 4));
    Caller.openNew(bus, Samples.mono("call-2"));
    assertThat(third.awaitGrant().call()).isEqualTo(Samples.mono("call-2").call());
  }

  @Test
  void releaseByEarlierGrant_hasNoEffect() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1")).store(320);
    Worker worker = contract.closing(Worker.on(bus, 1));
    Owner before = worker.awaitGrant();
    worker.revalidate(before);
    Owner after = worker.awaitGrant();

    worker.release(before);
    worker.giveBack(before);

    assertThat(after.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
    assertThat(worker.unpolled()).isZero();
    worker.handOver();
    assertThat(contract.closing(Worker.on(contract.bus(), 1)).awaitGrant().call())
        .isEqualTo(after.call());
  }

  @Test
  void callGivenBack_isGrantedToAnotherAtOnce() {
    Bus bus = contract.bus(LONG_LEASE);
    Caller.openNew(bus, Samples.mono("call-1")).store(320);
    Worker first = contract.closing(Worker.on(bus, 1));
    Owner before = first.awaitGrant();
    Worker second = contract.closing(Worker.on(contract.bus(LONG_LEASE), 1));
    first.giveBack(before);

    Owner after = second.awaitGrant();

    assertThat(after.call()).isEqualTo(before.call());
    assertThat(before.tryEveryWrite()).containsOnly(new WriteResult.Fenced<>());
    assertThat(after.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void workerThatStoppedClaiming_keepsItsCallsAndIsGrantedNoOther() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1")).store(320);
    Worker stopped = contract.closing(Worker.on(bus, 8));
    Owner kept = stopped.awaitGrant();
    stopped.stopClaiming();
    Caller.openNew(bus, Samples.mono("call-2"));
    Worker other = contract.closing(Worker.on(contract.bus(), 8));

    assertThat(other.awaitGrant().call()).isEqualTo(new CallId("call-2"));
    assertThat(stopped.unpolled()).isZero();
    assertThat(kept.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void handOver_movesEveryCallAtOnceAndStopsClaiming() {
    Bus bus = contract.bus(LONG_LEASE);
    openCalls(bus, 3);
    Worker first = contract.closing(Worker.on(bus, 8));
    List<Owner> before = List.of(first.awaitGrant(), first.awaitGrant(), first.awaitGrant());
    first.handOver();
    Worker second = contract.closing(Worker.on(contract.bus(LONG_LEASE), 8));
    List<Owner> after = List.of(second.awaitGrant(), second.awaitGrant(), second.awaitGrant());
    Caller.openNew(bus, Samples.mono("late"));

    assertThat(second.awaitGrant().call()).isEqualTo(new CallId("late"));
    assertThat(first.unpolled()).as("calls claimed after the hand-over").isZero();
    assertThat(after)
        .extracting(Owner::call)
        .containsExactlyInAnyOrderElementsOf(before.stream().map(Owner::call).toList());
    assertThat(before)
        .allSatisfy(
            owner -> assertThat(owner.tryEveryWrite()).containsOnly(new WriteResult.Fenced<>()));
  }

  @Test
  void handOver_notifiesIdleWorker() {
    Bus bus = contract.bus(LONG_LEASE);
    Caller.openNew(bus, Samples.mono("call-1"));
    Worker first = contract.closing(Worker.on(bus, 1));
    CallId call = first.awaitGrant().call();
    Worker idle = contract.closing(Worker.on(contract.bus(LONG_LEASE), 1));
    first.handOver();

    assertThat(idle.awaitGrant().call()).isEqualTo(call);
  }

  @Test
  void handOverWithoutCalls_completes() {
    Worker worker = contract.closing(Worker.on(contract.bus(), 2));

    worker.handOver();

    assertThat(worker.unpolled()).isZero();
  }

  @Test
  void callsOfSilentWorker_areGrantedToOthersAfterLease() {
    Bus bus = contract.bus();
    openCalls(bus, 3);
    Worker first = contract.closing(Worker.on(bus, 3));
    List<Owner> before = List.of(first.awaitGrant(), first.awaitGrant(), first.awaitGrant());
    Worker second = contract.closing(Worker.on(contract.bus(), 3));
    first.close();

    List<Owner> after = List.of(second.awaitGrant(), second.awaitGrant(), second.awaitGrant());

    assertThat(after)
        .extracting(Owner::call)
        .containsExactlyInAnyOrderElementsOf(before.stream().map(Owner::call).toList());
    assertThat(after).extracting(owner -> owner.grant().epoch()).containsOnly(2L);
    assertThat(before)
        .allSatisfy(
            owner -> assertThat(owner.tryEveryWrite()).containsOnly(new WriteResult.Fenced<>()));
  }

  @Test
  void renewedCalls_areKeptBeyondLease() {
    BusLimits shortLease = BusLimits.USUAL.withLease(Duration.ofMillis(400));
    Bus bus = contract.bus(shortLease);
    Caller.openNew(bus, Samples.mono("kept")).store(320);
    Owner kept = contract.closing(Worker.on(bus, 1)).awaitGrant();
    Bus others = contract.bus(shortLease);
    Caller.openNew(others, Samples.mono("left"));
    Worker crashing = contract.closing(Worker.on(others, 1));
    crashing.awaitGrant();
    crashing.close();
    Worker successor = contract.closing(Worker.on(contract.bus(shortLease), 4));

    assertThat(successor.awaitGrant().call())
        .as("the lease of the closed worker has expired")
        .isEqualTo(new CallId("left"));
    assertThat(successor.unpolled()).isZero();
    assertThat(kept.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void endedCallOfSilentWorker_isNotGrantedAgain() {
    Bus bus = contract.bus();
    openCalls(bus, 2);
    Worker first = contract.closing(Worker.on(bus, 2));
    Owner ended = first.awaitGrant();
    Owner live = first.awaitGrant();
    ended.end(0);
    first.close();
    Worker second = contract.closing(Worker.on(contract.bus(), 4));

    assertThat(second.awaitGrant().call()).isEqualTo(live.call());
    Caller.openNew(bus, Samples.mono("late"));
    assertThat(second.awaitGrant().call()).isEqualTo(new CallId("late"));
    assertThat(second.unpolled()).isZero();
  }

  @Test
  void callsOpenedAtOnce_areSharedEvenly() {
    Bus bus = contract.bus(LONG_LEASE);
    List<Worker> workers = workers(3, LONG_LEASE);
    int known = openUntilEachHasOne(bus, workers);

    IntStream.rangeClosed(known + 1, 60)
        .forEach(i -> bus.audio().open(Samples.mono("call-" + i), "writer-" + i, false));
    Awaitility.await().until(() -> unpolled(workers) == 60);

    assertThat(workers)
        .extracting(Worker::unpolled)
        .allSatisfy(calls -> assertThat(calls).isBetween(18, 22));
  }

  @Test
  void callsOfSilentWorker_spreadOverLiveWorkers() {
    Bus bus = contract.bus();
    Worker stopping = contract.closing(Worker.on(bus, 100));
    openCalls(bus, 24);
    Awaitility.await().until(() -> stopping.unpolled() == 24);
    List<Worker> live = workers(3, BusLimits.USUAL);

    stopping.close();
    Awaitility.await().until(() -> unpolled(live) == 24);

    assertThat(live)
        .extracting(Worker::unpolled)
        .allSatisfy(calls -> assertThat(calls).isBetween(6, 10));
  }

  @Test
  void revalidatedCallStillOwned_isGrantedAgain() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1")).store(320);
    Worker worker = contract.closing(Worker.on(bus, 1));
    Owner before = worker.awaitGrant();

    worker.revalidate(before);
    Owner after = worker.awaitGrant();

    assertThat(before.tryEveryWrite()).containsOnly(new WriteResult.Fenced<>());
    assertThat(after.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void revalidatedCall_isGrantedToSameWorkerWithoutFailedDelivery() {
    Bus bus = contract.bus(LONG_LEASE);
    Caller.openNew(bus, Samples.mono("call-1")).store(320);
    Caller.openNew(bus, Samples.mono("call-2")).store(320);
    Worker worker = contract.closing(Worker.on(bus, 2));
    Owner before = worker.awaitGrant();
    worker.awaitGrant();
    Worker idle = contract.closing(Worker.on(contract.bus(LONG_LEASE), 2));

    worker.revalidate(before);
    Owner after = worker.awaitGrant();

    assertThat(after.call()).isEqualTo(before.call());
    assertThat(after.grant().deliveryCount()).isEqualTo(before.grant().deliveryCount());
    assertThat(idle.unpolled()).isZero();
  }

  /// Opens calls one by one until every worker has one. Returns the number of calls.
  private static int openUntilEachHasOne(Bus bus, List<Worker> workers) {
    int calls = 0;
    while (workers.stream().anyMatch(worker -> worker.unpolled() == 0)) {
      int expected = ++calls;
      Caller.openNew(bus, Samples.mono("call-" + calls));
      Awaitility.await().until(() -> unpolled(workers) == expected);
    }
    return calls;
  }

  private List<Worker> workers(int count, BusLimits limits) {
    return Stream.generate(() -> contract.closing(Worker.on(contract.bus(limits), 100)))
        .limit(count)
        .toList();
  }

  private static int unpolled(List<Worker> workers) {
    return workers.stream().mapToInt(Worker::unpolled).sum();
  }

  private static void openCalls(Bus bus, int calls) {
    IntStream.rangeClosed(1, calls).forEach(i -> Caller.openNew(bus, Samples.mono("call-" + i)));
  }

  private static List<CallId> claimed(List<Worker> workers) {
    return workers.stream()
        .flatMap(worker ->
            IntStream.range(0, worker.unpolled()).mapToObj(_ -> worker.awaitGrant().call()))
        .toList();
  }
}
