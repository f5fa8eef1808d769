package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.AbandonOutcome.Abandoned;
import io.verbatim.pubsub.message.AbandonOutcome.Waiting;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriterLiveness;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The contract of ending a call whose writer has died.
abstract class AbandoningContract {
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration LONG = Duration.ofHours(1);

  private final BusContract contract;

  AbandoningContract(BusContract contract) {
    this.contract = contract;
  }

  private static AbandonOutcome abandon(Owner owner, WriterLiveness watch, Duration silence) {
    return Answers.of(
        owner
            .bus()
            .leases()
            .abandon(owner.call(), owner.grant().owner(), watch, silence, "ingest_lost"));
  }

  private Owner ownerOf(Caller caller) {
    assertThat(caller.tail()).isPositive();
    return contract.closing(Worker.on(contract.bus(), 1)).awaitGrant();
  }

  private Caller callerWithAudio() {
    Caller caller = Caller.openNew(contract.bus(), Samples.mono("call-1"));
    caller.store(960);
    return caller;
  }

  @Test
  void silentWriter_callEndsIncompleteWithReason() {
    Bus bus = contract.bus();
    Caller caller = callerWithAudio();
    Owner owner = ownerOf(caller);

    assertThat(abandon(owner, WriterLiveness.NONE, NO_TIME)).isEqualTo(new Abandoned());
    assertThat(abandon(owner, WriterLiveness.NONE, NO_TIME)).isEqualTo(new Abandoned());

    try (var reader = bus.audio().read(owner.call(), 0)) {
      var end = Answers.of(reader.next()).end().orElseThrow();
      assertThat(end.position()).isEqualTo(960);
      assertThat(end.reason()).isEqualTo("ingest_lost");
    }
    assertThat(caller.append(caller.next(320))).isEqualTo(new WriteResult.Ended<>());
    owner.appendFinal(0, 960, "hello");
    owner.end(960);
    CallRecord record = Answers.of(bus.calls().find(owner.call())).orElseThrow();
    assertThat(record.complete()).isFalse();
    assertThat(record.gapBytes()).isZero();
  }

  @Test
  void liveWriter_returnsWaiting() {
    Owner owner = ownerOf(callerWithAudio());

    AbandonOutcome first = abandon(owner, WriterLiveness.NONE, LONG);
    AbandonOutcome second = abandon(owner, ((Waiting) first).liveness(), LONG);

    WriterLiveness begun = ((Waiting) first).liveness();
    WriterLiveness goesOn = ((Waiting) second).liveness();
    assertThat(begun.sinceMillis()).isEqualTo(begun.untilMillis());
    assertThat(goesOn.sinceMillis()).isEqualTo(begun.sinceMillis());
    assertThat(goesOn.untilMillis()).isGreaterThanOrEqualTo(begun.untilMillis());
  }

  @Test
  void checksTooFarApart_restartThePeriod() {
    Owner owner = ownerOf(callerWithAudio());
    long now = ((Waiting) abandon(owner, WriterLiveness.NONE, LONG)).liveness().untilMillis();
    long before = now - WriterLiveness.MAX_CHECK_INTERVAL.toMillis() - 1;

    WriterLiveness restarted =
        ((Waiting) abandon(owner, new WriterLiveness(1, before), LONG)).liveness();

    assertThat(restarted.sinceMillis()).isGreaterThanOrEqualTo(now);
  }

  @Test
  void abandonByNonOwner_isRefused() {
    Owner owner = ownerOf(callerWithAudio());

    assertThat(
            abandon(
                Owner.withToken(contract.bus(), owner.grant(), "x"), WriterLiveness.NONE, NO_TIME))
        .isEqualTo(new AbandonOutcome.NotOwner());
  }
}
