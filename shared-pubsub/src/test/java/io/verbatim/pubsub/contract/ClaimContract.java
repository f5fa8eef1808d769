package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The contract of claiming a call: the content of the grant, and the fencing of previous owners.
abstract class ClaimContract {
  private static final CallStart START = Samples.mono("call-1");

  private static final BusLimits SHORT_LEASE = BusLimits.USUAL.withLease(Duration.ofMillis(400));

  private final BusContract contract;

  ClaimContract(BusContract contract) {
    this.contract = contract;
  }

  @Test
  void newCall_grantHasItsStart() {
    Bus bus = contract.bus();
    Caller.openNew(bus, START);

    Owner owner = contract.closing(Worker.on(contract.bus(), 1)).awaitGrant();

    assertThat(owner.grant().start()).isEqualTo(START);
    assertThat(owner.grant().owner()).isNotBlank();
    assertThat(owner.grant().epoch()).isEqualTo(1);
    assertThat(owner.grant().deliveryCount()).isEqualTo(1);
    assertThat(owner.grant().covered()).containsExactly(0L);
    assertThat(owner.grant().segments()).containsExactly("");
  }

  @Test
  void callWithoutOptionalFields_grantHasNone() {
    Bus bus = contract.bus();
    CallStart bare =
        new CallStart(
            START.call(),
            "acme",
            CallStart.Source.PCM,
            START.format(),
            null,
            null,
            null,
            START.started());
    Caller.openNew(bus, bare);

    assertThat(contract.closing(Worker.on(bus, 1)).awaitGrant().grant().start()).isEqualTo(bare);
  }

  @Test
  void callTakenOver_grantHasStateOfPreviousOwner() {
    Bus bus = contract.bus();
    Caller.openNew(bus, START).store(960);
    Worker first = contract.closing(Worker.on(bus, 1));
    Owner before = first.awaitGrant();
    before.appendFinal(0, 320, "hello");
    before.setInterim(Samples.speech("s-next", 0, "wor"));
    first.handOver();

    Owner after = contract.closing(Worker.on(contract.bus(), 1)).awaitGrant();

    assertThat(after.grant().start()).isEqualTo(START);
    assertThat(after.grant().covered()).containsExactly(320L);
    assertThat(after.grant().lowestCovered()).isEqualTo(320);
    assertThat(after.grant().segments()).containsExactly("s-next");
    assertThat(after.grant().epoch()).isEqualTo(2);
    assertThat(after.grant().owner()).isNotEqualTo(before.grant().owner());
    assertThat(after.appendFinal(320, 640, "world")).isEqualTo(new WriteResult.Written<>(640L));
  }

  @Test
  void previousOwner_everyWriteIsFenced() {
    Bus bus = contract.bus();
    Caller.openNew(bus, START).store(960);
    Worker first = contract.closing(Worker.on(bus, 1));
    Owner before = first.awaitGrant();
    first.handOver();
    Owner after = contract.closing(Worker.on(bus, 1)).awaitGrant();

    assertThat(before.tryEveryWrite()).containsOnly(new WriteResult.Fenced<>()).hasSize(7);
    assertThat(transcript(bus)).isEmpty();
    assertThat(after.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void unknownToken_isFenced() {
    Bus bus = contract.bus();
    Caller.openNew(bus, START).store(960);
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();

    for (String token : List.of("", "1", "made-up", "writer-of-call-1")) {
      assertThat(Owner.withToken(bus, owner.grant(), token).tryEveryWrite())
          .containsOnly(new WriteResult.Fenced<>());
    }
    assertThat(transcript(bus)).isEmpty();
  }

  @Test
  void callWithoutOwner_writesAreFenced() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-2"));
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();
    Caller.openNew(bus, START).store(960);
    Owner ofOther =
        new Owner(bus, new Grant(START, owner.grant().owner(), 1, 1, List.of(0L), List.of()));

    assertThat(ofOther.tryEveryWrite()).containsOnly(new WriteResult.Fenced<>());
  }

  @Test
  void unknownCall_returnsGone() {
    Bus bus = contract.bus();
    Owner owner = new Owner(bus, new Grant(START, "owner", 1, 1, List.of(0L), List.of()));

    assertThat(owner.tryEveryWrite()).containsOnly(new WriteResult.Gone<>());
  }

  @Test
  void workersDieWithoutProgress_deliveriesAreCounted() {
    Bus bus = contract.bus(SHORT_LEASE);
    Caller.openNew(bus, START).store(3200);

    for (int claim = 1; claim <= 6; claim++) {
      Worker worker = contract.closing(Worker.on(bus, 1));
      Owner owner = worker.awaitGrant();
      assertThat(owner.grant().deliveryCount()).isEqualTo(claim);
      assertThat(owner.grant().epoch()).isEqualTo(claim);
      owner.setInterim(Samples.speech("i" + claim, 0, "interim"));
      worker.close();
    }
  }

  @Test
  void workerDies_onlyCallBegunLastCountsADelivery() {
    Bus bus = contract.bus(SHORT_LEASE);
    Worker first = contract.closing(Worker.on(bus, 3));
    List<Owner> owners = new ArrayList<>();
    for (int call = 1; call <= 3; call++) {
      Caller.openNew(bus, Samples.mono("call-" + call)).store(3200);
      owners.add(first.awaitGrant());
    }
    first.close();

    Worker second = contract.closing(Worker.on(bus, 3));
    Map<CallId, Integer> deliveries = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      Grant grant = second.awaitGrant().grant();
      deliveries.put(grant.call(), grant.deliveryCount());
    }

    assertThat(deliveries)
        .containsEntry(owners.get(0).call(), 1)
        .containsEntry(owners.get(1).call(), 1)
        .containsEntry(owners.get(2).call(), 2);
  }

  @Test
  void handOver_countsNoDelivery() {
    Bus bus = contract.bus();
    Caller.openNew(bus, START).store(3200);

    for (int claim = 1; claim <= 3; claim++) {
      Worker worker = contract.closing(Worker.on(bus, 1));
      assertThat(worker.awaitGrant().grant().deliveryCount()).isEqualTo(1);
      worker.handOver();
    }
  }

  @Test
  void callTranscribedToItsTail_countsNoDelivery() {
    Bus bus = contract.bus(SHORT_LEASE);
    Caller caller = Caller.openNew(bus, START).store(640);
    Worker first = contract.closing(Worker.on(bus, 1));
    first.awaitGrant().appendFinal(0, 600, "all of it, but for a rounding");
    first.close();

    for (int claim = 1; claim <= 3; claim++) {
      Worker worker = contract.closing(Worker.on(bus, 1));
      assertThat(worker.awaitGrant().grant().deliveryCount()).isEqualTo(1);
      worker.close();
    }
    caller.store(3200);
    Worker another = contract.closing(Worker.on(bus, 1));

    assertThat(another.awaitGrant().grant().deliveryCount())
        .as("new audio to process")
        .isEqualTo(2);
  }

  @Test
  void callClaimedAgainBySameWorker_countsNoDelivery() {
    Bus bus = contract.bus();
    Caller.openNew(bus, START).store(3200);
    Worker worker = contract.closing(Worker.on(bus, 1));

    for (int claim = 1; claim <= 6; claim++) {
      Owner owner = worker.awaitGrant();
      assertThat(owner.grant().epoch()).isEqualTo(claim);
      assertThat(owner.grant().deliveryCount()).isEqualTo(1);
      worker.giveBack(owner);
    }
  }

  @Test
  void progress_resetsDeliveryCount() {
    Bus bus = contract.bus(SHORT_LEASE);
    Caller.openNew(bus, START).store(3200);

    for (int claim = 1; claim <= 4; claim++) {
      Worker worker = contract.closing(Worker.on(bus, 1));
      Owner owner = worker.awaitGrant();
      assertThat(owner.grant().deliveryCount()).isEqualTo(1);
      assertThat(owner.grant().epoch()).isEqualTo(claim);
      moveCovered(owner, claim);
      worker.close();
    }
    assertThat(Answers.of(bus.calls().find(START.call())).orElseThrow().claims()).isEqualTo(4);
  }

  /// Moves `covered` by a final, by silence or by a gap.
  private static void moveCovered(Owner owner, int claim) {
    long from = owner.grant().lowestCovered();
    switch (claim % 3) {
      case 0 -> owner.appendFinal(from, from + 320, "words");
      case 1 -> owner.cover(0, from, from + 320);
      default -> owner.appendGap(from, from + 320, "lost");
    }
  }

  @Test
  void callAnnouncedTwice_isGrantedOnce() {
    Bus bus = contract.bus();
    Caller.openNew(bus, START).store(960);
    announceAgain(bus);
    Worker worker = contract.closing(Worker.on(bus, 8));
    Owner owner = worker.awaitGrant();
    announceAgain(bus);
    announceAgain(bus);

    Caller.openNew(bus, Samples.mono("call-2"));

    assertThat(worker.awaitGrant().call())
        .as("announcements are read in order, so a duplicate would come first")
        .isEqualTo(Samples.mono("call-2").call());
    assertThat(worker.unpolled()).isZero();
    assertThat(owner.appendFinal(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void announcementOfUnknownCall_isIgnored() {
    Bus bus = contract.bus();
    announceAgain(bus);
    Caller.openNew(bus, Samples.mono("call-2"));
    Worker worker = contract.closing(Worker.on(bus, 8));

    assertThat(worker.awaitGrant().call()).isEqualTo(Samples.mono("call-2").call());
  }

  private static void announceAgain(Bus bus) {
    Answers.of(bus.audio().announce(START.call()).thenApply(_ -> true));
  }

  private static List<?> transcript(Bus bus) {
    return Answers.of(bus.transcripts().read(START.call(), TranscriptLog.START, 10));
  }
}
