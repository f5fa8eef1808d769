package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallRecord.State;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.TranscriptEntry.Ended;
import io.verbatim.pubsub.message.TranscriptEntry.Final;
import io.verbatim.pubsub.message.TranscriptEntry.Gap;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The contract of the end of a call: once, with every byte in the ledger.
abstract class EndingContract {
  private static final CallId CALL = Samples.mono("call-1").call();

  private final BusContract contract;

  EndingContract(BusContract contract) {
    this.contract = contract;
  }

  private Owner ownerOf(Bus bus, int bytes) {
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    if (bytes > 0) {
      caller.store(bytes);
    }
    caller.end(bytes, "stop");
    return contract.closing(Worker.on(bus, 1)).awaitGrant();
  }

  private static List<TranscriptEntry> transcript(Bus bus) {
    return Entries.unlinked(Answers.of(bus.transcripts().read(CALL, TranscriptLog.START, 1000)));
  }

  private static CallRecord record(Bus bus) {
    return Answers.of(bus.calls().find(CALL)).orElseThrow();
  }

  @Test
  void callCoveredToItsEnd_isComplete() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 640, "hello");
    owner.cover(0, 640, 960);

    assertThat(owner.end(960)).isEqualTo(new WriteResult.Written<>(960L));

    assertThat(transcript(bus))
        .hasSize(2)
        .last()
        .isEqualTo(new Ended("960-0", Link.NONE, "stop", 60, true));
    CallRecord record = record(bus);
    assertThat(record.state()).isEqualTo(State.ENDED);
    assertThat(record.endReason()).contains("stop");
    assertThat(record.complete()).isTrue();
    assertThat(record.receivedMs()).isEqualTo(60);
  }

  @Test
  void finalAtCallEnd_endedHasTheNextId() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 960, "hello");
    owner.end(960);

    assertThat(transcript(bus)).extracting(TranscriptEntry::id).containsExactly("960-0", "960-1");
  }

  @Test
  void callWithoutAudio_endsComplete() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 0);

    assertThat(owner.end(0)).isEqualTo(new WriteResult.Written<>(0L));

    assertThat(transcript(bus)).containsExactly(new Ended("0-1", Link.NONE, "stop", 0, true));
    assertThat(record(bus).complete()).isTrue();
  }

  @Test
  void uncoveredAudio_becomesAGap() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 320, "hello");

    owner.end(960);

    assertThat(transcript(bus))
        .hasSize(3)
        .endsWith(
            new Gap("960-0", Link.NONE, 20, 60, "unfinished"),
            new Ended("960-1", Link.NONE, "stop", 60, false));
    assertThat(record(bus).complete()).isFalse();
    assertThat(record(bus).gapBytes()).isEqualTo(640);
    assertThat(record(bus).pendingBytes()).isZero();
  }

  @Test
  void uncoveredAudioWithInterims_becomesUnconfirmedFinals() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 320, "hello");
    Speech one = Samples.speech("s8", 0, "my name");
    Speech two = Samples.speech("s9", 0, "is Asha");

    owner.end(960, one, two);

    List<TranscriptEntry> entries = transcript(bus);
    assertThat(entries).hasSize(4);
    assertThat(entries.get(1))
        .isEqualTo(new Final(entries.get(1).id(), Link.NONE, 2, one.asUnconfirmed()));
    assertThat(entries.get(2))
        .isEqualTo(new Final(entries.get(2).id(), Link.NONE, 3, two.asUnconfirmed()));
    assertThat(entries.getLast())
        .isEqualTo(new Ended(entries.getLast().id(), Link.NONE, "stop", 60, false));
    CallRecord record = record(bus);
    assertThat(record.complete()).isFalse();
    assertThat(record.unconfirmed()).isEqualTo(2);
    assertThat(record.finals()).isEqualTo(3);
    assertThat(record.gapBytes()).isZero();
    assertThat(record.pendingBytes()).isZero();
  }

  @Test
  void audioAfterUnconfirmedWords_becomesAGap() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 320, "hello");
    Speech words = Samples.speech("s9", 0, "my name");

    owner.end(960, new UncoveredTail(List.of(words), 480, "unavailable"));

    assertThat(transcript(bus))
        .hasSize(4)
        .endsWith(
            new Final("480-0", Link.NONE, 2, words.asUnconfirmed()),
            new Gap("960-0", Link.NONE, 30, 60, "unavailable"),
            new Ended("960-1", Link.NONE, "stop", 60, false));
    CallRecord record = record(bus);
    assertThat(record.gapMs()).isEqualTo(30);
    assertThat(record.transcribedMs()).isEqualTo(30);
    assertThat(record.unconfirmed()).isEqualTo(1);
  }

  @Test
  void unconfirmedFinal_callIsNotComplete() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    Answers.of(
        bus.transcripts()
            .append(
                CALL,
                owner.grant().owner(),
                new Coverage(0, 0, 320),
                Samples.speech("s1", 0, "hello").asUnconfirmed()));
    owner.appendFinal(320, 960, "on");

    owner.end(960);

    assertThat(record(bus).unconfirmed()).isEqualTo(1);
    assertThat(record(bus).complete()).isFalse();
  }

  @Test
  void unconfirmedWordsOfCoveredAudio_areNotWritten() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 960, "hello");

    owner.end(960, Samples.speech("s9", 0, "hello"));

    assertThat(transcript(bus)).hasSize(2);
    assertThat(record(bus).complete()).isTrue();
    assertThat(record(bus).unconfirmed()).isZero();
  }

  @Test
  void callWithGap_isNotComplete() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendGap(0, 320, "log_lost");
    owner.appendFinal(320, 960, "hello");
    owner.end(960);

    assertThat(transcript(bus)).last().isEqualTo(new Ended("960-1", Link.NONE, "stop", 60, false));
    assertThat(record(bus).complete()).isFalse();
  }

  @Test
  void deadLetteredCall_isNotCompleteEvenIfCovered() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 960, "hello");

    owner.end(960, new UncoveredTail(List.of(), 960, "poison_call", true));

    assertThat(transcript(bus)).last().isEqualTo(new Ended("960-1", Link.NONE, "stop", 60, false));
    CallRecord record = record(bus);
    assertThat(record.complete()).isFalse();
    assertThat(record.gapBytes()).isZero();
    assertThat(record.unconfirmed()).isZero();
  }

  @Test
  void audioDroppedLast_becomesAGap() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(320);
    caller.end(960, "stop");
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();
    owner.appendFinal(0, 320, "hello");

    owner.end(960);

    assertThat(record(bus).complete()).isFalse();
    assertThat(record(bus).gapBytes()).isEqualTo(640);
    assertThat(record(bus).receivedMs()).isEqualTo(60);
  }

  @Test
  void endBelowTail_callIsNotComplete() {
    Bus bus = contract.bus();
    Caller.openNew(bus, Samples.mono("call-1")).store(960);
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();
    owner.appendFinal(0, 320, "hello");

    if (owner.end(320) instanceof WriteResult.Written) {
      assertThat(record(bus).complete()).isFalse();
      assertThat(record(bus).pendingBytes()).as("pending bytes").isZero();
    }
  }

  @Test
  void endedCall_refusesEveryWrite() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.end(960);
    List<TranscriptEntry> entries = transcript(bus);

    assertThat(owner.tryEveryWrite()).containsOnly(new WriteResult.Ended<>()).hasSize(7);
    assertThat(transcript(bus)).isEqualTo(entries);
  }

  @Test
  void endedCall_hasNoInterim() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.setInterim(Samples.speech("s1", 0, "hel"));
    owner.end(960);

    assertThat(
            Answers.of(contract.closing(bus.transcripts().follow(CALL, TranscriptLog.START)).next())
                .liveState()
                .interims())
        .isEmpty();
  }

  @Test
  void endWithHigherCovered_isRefusedWithCovered() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(640);
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();
    owner.appendFinal(0, 320, "hello");

    assertThat(owner.endExpecting(List.of(640L), 640)).isEqualTo(new WriteResult.Moved<>(320L));
    assertThat(owner.appendFinal(320, 640, "again")).isEqualTo(new WriteResult.Written<>(640L));
    assertThat(owner.endExpecting(List.of(640L), 640)).isEqualTo(new WriteResult.Written<>(640L));
    assertThat(Answers.of(bus.calls().find(caller.call())).orElseThrow().complete()).isTrue();
  }
}
