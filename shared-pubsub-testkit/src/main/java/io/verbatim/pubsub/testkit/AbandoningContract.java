package io.verbatim.pubsub.testkit;

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

/// How the owner ends a call whose writer has died.
abstract class AbandoningContract {
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration LONG = Duration.ofHours(1);

  private final BusContract stage;

  AbandoningContract(BusContract stage) {
    this.stage = stage;
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
    return stage.closing(Worker.on(stage.bus(), 1)).takes();
  }

  private Caller speaking() {
    Caller caller = Caller.opens(stage.bus(), Samples.mono("call-1"));
    caller.says(960);
    return caller;
  }

  @Test
  void callWhoseWriterIsSilent_endsIncomplete_forThatReason() {
    Bus bus = stage.bus();
    Caller caller = speaking();
    Owner owner = ownerOf(caller);

    assertThat(abandon(owner, WriterLiveness.NONE, NO_TIME)).isEqualTo(new Abandoned());
    assertThat(abandon(owner, WriterLiveness.NONE, NO_TIME)).isEqualTo(new Abandoned());

    try (var reader = bus.audio().read(owner.call(), 0)) {
      var end = Answers.of(reader.next()).end().orElseThrow();
      assertThat(end.position()).isEqualTo(960);
      assertThat(end.reason()).isEqualTo("ingest_lost");
    }
    assertThat(caller.append(caller.next(320))).isEqualTo(new WriteResult.Ended<>());
    owner.says(0, 960, "hello");
    owner.ends(960);
    CallRecord record = Answers.of(bus.calls().find(owner.call())).orElseThrow();
    assertThat(record.complete()).isFalse();
    assertThat(record.gapBytes()).isZero();
  }

  @Test
  void livingWriter_isWaitedFor() {
    Owner owner = ownerOf(speaking());

    AbandonOutcome first = abandon(owner, WriterLiveness.NONE, LONG);
    AbandonOutcome second = abandon(owner, ((Waiting) first).watch(), LONG);

    WriterLiveness begun = ((Waiting) first).watch();
    WriterLiveness goesOn = ((Waiting) second).watch();
    assertThat(begun.sinceMillis()).isEqualTo(begun.untilMillis());
    assertThat(goesOn.sinceMillis()).isEqualTo(begun.sinceMillis());
    assertThat(goesOn.untilMillis()).isGreaterThanOrEqualTo(begun.untilMillis());
  }

  @Test
  void watchThatBroke_startsAnew() {
    Owner owner = ownerOf(speaking());
    long now = ((Waiting) abandon(owner, WriterLiveness.NONE, LONG)).watch().untilMillis();
    long before = now - WriterLiveness.LONGEST_STEP.toMillis() - 1;

    WriterLiveness anew = ((Waiting) abandon(owner, new WriterLiveness(1, before), LONG)).watch();

    assertThat(anew.sinceMillis()).isGreaterThanOrEqualTo(now);
  }

  @Test
  void nobodyButTheOwner_abandonsACall() {
    Owner owner = ownerOf(speaking());

    assertThat(
            abandon(Owner.impostor(stage.bus(), owner.grant(), "x"), WriterLiveness.NONE, NO_TIME))
        .isEqualTo(new AbandonOutcome.NotYours());
  }
}
