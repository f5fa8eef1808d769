package io.verbatim.pubsub.testkit;

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

/// What a worker is given with a call, and how whoever had it before is kept out.
abstract class TakingContract {
  private static final CallStart START = Samples.mono("call-1");

  private static final BusLimits SHORT_LEASE = BusLimits.USUAL.withLease(Duration.ofMillis(400));

  private final BusContract stage;

  TakingContract(BusContract stage) {
    this.stage = stage;
  }

  @Test
  void grantOfANewCall_tellsAllThatIsKnownOfIt() {
    Bus bus = stage.bus();
    Caller.opens(bus, START);

    Owner owner = stage.closing(Worker.on(stage.bus(), 1)).takes();

    assertThat(owner.grant().start()).isEqualTo(START);
    assertThat(owner.grant().owner()).isNotBlank();
    assertThat(owner.grant().epoch()).isEqualTo(1);
    assertThat(owner.grant().deliveryCount()).isEqualTo(1);
    assertThat(owner.grant().covered()).containsExactly(0L);
    assertThat(owner.grant().segments()).containsExactly("");
  }

  @Test
  void grantOfACallWithFewParticulars_leavesThemOut() {
    Bus bus = stage.bus();
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
    Caller.opens(bus, bare);

    assertThat(stage.closing(Worker.on(bus, 1)).takes().grant().start()).isEqualTo(bare);
  }

  @Test
  void grantOfATakenOverCall_standsWhereTheOwnerBeforeWas() {
    Bus bus = stage.bus();
    Caller.opens(bus, START).says(960);
    Worker first = stage.closing(Worker.on(bus, 1));
    Owner before = first.takes();
    before.says(0, 320, "hello");
    before.interim(Samples.speech("s-next", 0, "wor"));
    first.handsOver();

    Owner after = stage.closing(Worker.on(stage.bus(), 1)).takes();

    assertThat(after.grant().start()).isEqualTo(START);
    assertThat(after.grant().covered()).containsExactly(320L);
    assertThat(after.grant().lowestCovered()).isEqualTo(320);
    assertThat(after.grant().segments()).containsExactly("s-next");
    assertThat(after.grant().epoch()).isEqualTo(2);
    assertThat(after.grant().owner()).isNotEqualTo(before.grant().owner());
    assertThat(after.says(320, 640, "world")).isEqualTo(new WriteResult.Written<>(640L));
  }

  @Test
  void ownerBefore_isRefusedWhateverItWrites() {
    Bus bus = stage.bus();
    Caller.opens(bus, START).says(960);
    Worker first = stage.closing(Worker.on(bus, 1));
    Owner before = first.takes();
    first.handsOver();
    Owner after = stage.closing(Worker.on(bus, 1)).takes();

    assertThat(before.triesEverything()).containsOnly(new WriteResult.Fenced<>()).hasSize(7);
    assertThat(transcript(bus)).isEmpty();
    assertThat(after.says(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void tokenThatWasNeverGiven_isRefused() {
    Bus bus = stage.bus();
    Caller.opens(bus, START).says(960);
    Owner owner = stage.closing(Worker.on(bus, 1)).takes();

    for (String token : List.of("", "1", "made-up", "writer-of-call-1")) {
      assertThat(Owner.impostor(bus, owner.grant(), token).triesEverything())
          .containsOnly(new WriteResult.Fenced<>());
    }
    assertThat(transcript(bus)).isEmpty();
  }

  @Test
  void callNobodyOwns_takesNoWords() {
    Bus bus = stage.bus();
    Caller.opens(bus, Samples.mono("call-2"));
    Owner owner = stage.closing(Worker.on(bus, 1)).takes();
    Caller.opens(bus, START).says(960);
    Owner ofOther =
        new Owner(bus, new Grant(START, owner.grant().owner(), 1, 1, List.of(0L), List.of()));

    assertThat(ofOther.triesEverything()).containsOnly(new WriteResult.Fenced<>());
  }

  @Test
  void callTheLogDoesNotKnow_isGone() {
    Bus bus = stage.bus();
    Owner owner = new Owner(bus, new Grant(START, "owner", 1, 1, List.of(0L), List.of()));

    assertThat(owner.triesEverything()).containsOnly(new WriteResult.Gone<>());
  }

  @Test
  void deathsOfWorkersWithoutProgress_areCounted() {
    Bus bus = stage.bus(SHORT_LEASE);
    Caller.opens(bus, START).says(3200);

    for (int taking = 1; taking <= 6; taking++) {
      Worker worker = stage.closing(Worker.on(bus, 1));
      Owner owner = worker.takes();
      assertThat(owner.grant().deliveryCount()).isEqualTo(taking);
      assertThat(owner.grant().epoch()).isEqualTo(taking);
      owner.interim(Samples.speech("i" + taking, 0, "interim"));
      worker.close();
    }
  }

  @Test
  void callsThatAWorkerHadBegunBefore_areNotToBlameForItsDeath() {
    Bus bus = stage.bus(SHORT_LEASE);
    Worker first = stage.closing(Worker.on(bus, 3));
    List<Owner> owners = new ArrayList<>();
    for (int call = 1; call <= 3; call++) {
      Caller.opens(bus, Samples.mono("call-" + call)).says(3200);
      owners.add(first.takes());
    }
    first.close();

    Worker second = stage.closing(Worker.on(bus, 3));
    Map<CallId, Integer> deliveries = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      Grant grant = second.takes().grant();
      deliveries.put(grant.call(), grant.deliveryCount());
    }

    assertThat(deliveries)
        .containsEntry(owners.get(0).call(), 1)
        .containsEntry(owners.get(1).call(), 1)
        .containsEntry(owners.get(2).call(), 2);
  }

  @Test
  void workerThatHandsOver_hasNotFailed() {
    Bus bus = stage.bus();
    Caller.opens(bus, START).says(3200);

    for (int taking = 1; taking <= 3; taking++) {
      Worker worker = stage.closing(Worker.on(bus, 1));
      assertThat(worker.takes().grant().deliveryCount()).isEqualTo(1);
      worker.handsOver();
    }
  }

  @Test
  void workersOfACallThatIsTranscribedToItsTail_haveNotFailed() {
    Bus bus = stage.bus(SHORT_LEASE);
    Caller caller = Caller.opens(bus, START).says(640);
    Worker first = stage.closing(Worker.on(bus, 1));
    first.takes().says(0, 600, "all of it, but for a rounding");
    first.close();

    for (int taking = 1; taking <= 3; taking++) {
      Worker worker = stage.closing(Worker.on(bus, 1));
      assertThat(worker.takes().grant().deliveryCount()).isEqualTo(1);
      worker.close();
    }
    caller.says(3200);
    Worker another = stage.closing(Worker.on(bus, 1));

    assertThat(another.takes().grant().deliveryCount())
        .as("there is something to do again")
        .isEqualTo(2);
  }

  @Test
  void workerThatTakesAgainWhatItHad_hasNotFailed() {
    Bus bus = stage.bus();
    Caller.opens(bus, START).says(3200);
    Worker worker = stage.closing(Worker.on(bus, 1));

    for (int taking = 1; taking <= 6; taking++) {
      Owner owner = worker.takes();
      assertThat(owner.grant().epoch()).isEqualTo(taking);
      assertThat(owner.grant().deliveryCount()).isEqualTo(1);
      worker.givesBack(owner);
    }
  }

  @Test
  void progress_startsTheCountOfDeliveriesAgain() {
    Bus bus = stage.bus(SHORT_LEASE);
    Caller.opens(bus, START).says(3200);

    for (int taking = 1; taking <= 4; taking++) {
      Worker worker = stage.closing(Worker.on(bus, 1));
      Owner owner = worker.takes();
      assertThat(owner.grant().deliveryCount()).isEqualTo(1);
      assertThat(owner.grant().epoch()).isEqualTo(taking);
      moveCovered(owner, taking);
      worker.close();
    }
    assertThat(Answers.of(bus.calls().find(START.call())).orElseThrow().takes()).isEqualTo(4);
  }

  /// By a final, by silence, by a gap.
  private static void moveCovered(Owner owner, int taking) {
    long from = owner.grant().lowestCovered();
    switch (taking % 3) {
      case 0 -> owner.says(from, from + 320, "words");
      case 1 -> owner.covers(0, from, from + 320);
      default -> owner.gap(from, from + 320, "lost");
    }
  }

  @Test
  void callAnnouncedOnceMore_isStillGivenOnce() {
    Bus bus = stage.bus();
    Caller.opens(bus, START).says(960);
    announceAgain(bus);
    Worker worker = stage.closing(Worker.on(bus, 8));
    Owner owner = worker.takes();
    announceAgain(bus);
    announceAgain(bus);

    Caller.opens(bus, Samples.mono("call-2"));

    assertThat(worker.takes().call())
        .as("announcements are taken in order, so the doubles would have come first")
        .isEqualTo(Samples.mono("call-2").call());
    assertThat(worker.waiting()).isZero();
    assertThat(owner.says(0, 320, "hello")).isEqualTo(new WriteResult.Written<>(320L));
  }

  @Test
  void announcementOfACallTheLogDoesNotKnow_isOfNoConsequence() {
    Bus bus = stage.bus();
    announceAgain(bus);
    Caller.opens(bus, Samples.mono("call-2"));
    Worker worker = stage.closing(Worker.on(bus, 8));

    assertThat(worker.takes().call()).isEqualTo(Samples.mono("call-2").call());
  }

  private static void announceAgain(Bus bus) {
    Answers.of(bus.audio().announce(START.call()).thenApply(_ -> true));
  }

  private static List<?> transcript(Bus bus) {
    return Answers.of(bus.transcripts().read(START.call(), TranscriptLog.START, 10));
  }
}
