package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.TranscriptEntry.Final;
import io.verbatim.pubsub.message.TranscriptEntry.Gap;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriteResult.Moved;
import io.verbatim.pubsub.message.WriteResult.Written;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// The contract of finals, silence and gaps, which move `covered` once over each position.
abstract class CoveringContract {
  private static final CallId CALL = Samples.mono("call-1").call();

  private final BusContract contract;

  CoveringContract(BusContract contract) {
    this.contract = contract;
  }

  private Owner ownerOf(Bus bus, int... entries) {
    Caller caller = Caller.openNew(bus, Samples.mono("call-1"));
    for (int bytes : entries) {
      caller.store(bytes);
    }
    return contract.closing(Worker.on(bus, 1)).awaitGrant();
  }

  private static List<TranscriptEntry> transcript(Bus bus) {
    return Entries.unlinked(Answers.of(bus.transcripts().read(CALL, TranscriptLog.START, 1000)));
  }

  private static CallRecord record(Bus bus) {
    return Answers.of(bus.calls().find(CALL)).orElseThrow();
  }

  @Test
  void finals_areStoredUnchangedWithEndPositionAsId() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    Speech first = Samples.speech("s1", 0, "grüß Gott 👋");
    Speech second =
        new Speech("s2", 21, 60, "", 0, null, 0, null, List.of(), "nova-3", 1, 0, false);

    assertThat(
            Answers.of(
                bus.transcripts()
                    .append(CALL, owner.grant().owner(), new Coverage(0, 0, 320), first)))
        .isEqualTo(new Written<>(320L));
    assertThat(
            Answers.of(
                bus.transcripts()
                    .append(CALL, owner.grant().owner(), new Coverage(0, 320, 960), second)))
        .isEqualTo(new Written<>(960L));

    assertThat(transcript(contract.bus()))
        .containsExactly(
            new Final("320-0", Link.NONE, 1, first), new Final("960-0", Link.NONE, 2, second));
    assertThat(record(bus).finals()).isEqualTo(2);
  }

  @Test
  void repeatedFinal_isRefusedAndStoredOnce() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 320, "once");

    assertThat(owner.appendFinal(0, 320, "once")).isEqualTo(new Moved<>(320L));
    assertThat(transcript(bus)).hasSize(1);
  }

  @Test
  void concurrentFinalsOfSameAudio_areStoredOnce() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    Coverage coverage = new Coverage(0, 0, 320);
    Speech words = Samples.speech("s1", 0, "once");
    CompletionStage<WriteResult<Long>> one =
        bus.transcripts().append(CALL, owner.grant().owner(), coverage, words);
    CompletionStage<WriteResult<Long>> other =
        bus.transcripts().append(CALL, owner.grant().owner(), coverage, words);

    assertThat(List.of(Answers.of(one), Answers.of(other)))
        .containsExactly(new Written<>(320L), new Moved<>(320L));
    assertThat(transcript(bus)).hasSize(1);
  }

  @Test
  void lateFinal_isRefusedWithCovered() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 640, "hello");

    assertThat(owner.appendFinal(320, 640, "late")).isEqualTo(new Moved<>(640L));
    assertThat(owner.appendFinal(0, 960, "overlapping")).isEqualTo(new Moved<>(640L));
    assertThat(transcript(bus)).hasSize(1);
    assertThat(record(bus).coveredBytes()).isEqualTo(640);
  }

  @Test
  void finalAboveCovered_isRefused() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);

    assertThat(owner.appendFinal(320, 640, "second")).isEqualTo(new Moved<>(0L));
    assertThat(transcript(bus)).isEmpty();
    assertThat(owner.appendFinal(0, 320, "first")).isEqualTo(new Written<>(320L));
    assertThat(owner.appendFinal(320, 640, "second")).isEqualTo(new Written<>(640L));
  }

  @Test
  void final_trimsAudioBelowCovered() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 320, 320, 320);

    owner.appendFinal(0, 640, "hello");

    assertThat(CheckedAudioReader.of(contract, bus, CALL, 0).readUpTo(960).ranges())
        .containsExactly("640-960");
  }

  @Test
  void partlyCoveredAudio_isKept() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 320, 640);

    owner.appendFinal(0, 500, "hello");

    assertThat(CheckedAudioReader.of(contract, bus, CALL, 500).readUpTo(960).ranges())
        .containsExactly("500-960");
  }

  @Test
  void silence_movesCoveredAndWritesNothing() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 320, 320, 320);

    assertThat(owner.cover(0, 0, 640)).isEqualTo(new Written<>(640L));

    assertThat(owner.cover(0, 0, 640)).isEqualTo(new Moved<>(640L));
    assertThat(transcript(bus)).isEmpty();
    assertThat(CheckedAudioReader.of(contract, bus, CALL, 0).readUpTo(960).ranges())
        .containsExactly("640-960");
    assertThat(record(bus).coveredBytes()).isEqualTo(640);
    assertThat(record(bus).finals()).isZero();
  }

  @Test
  void gap_isAppendedAndMovesCovered() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 3200);
    owner.appendFinal(0, 320, "hello");

    assertThat(owner.appendGap(320, 1920, "log_lost")).isEqualTo(new Written<>(1920L));

    assertThat(owner.appendGap(320, 1920, "log_lost")).isEqualTo(new Moved<>(1920L));
    assertThat(transcript(bus))
        .hasSize(2)
        .last()
        .isEqualTo(new Gap("1920-0", Link.NONE, 20, 120, "log_lost"));
    assertThat(record(bus).gapBytes()).isEqualTo(1600);
    assertThat(owner.appendFinal(1920, 2240, "on")).isEqualTo(new Written<>(2240L));
  }

  @Test
  void gapNotAtCovered_isRefused() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 3200);
    owner.appendFinal(0, 640, "hello");

    assertThat(owner.appendGap(320, 960, "lost")).isEqualTo(new Moved<>(640L));
    assertThat(owner.appendGap(960, 1280, "lost")).isEqualTo(new Moved<>(640L));
    assertThat(record(bus).gapBytes()).isZero();
  }

  @Test
  void ledger_addsUpAfterEachOperation() {
    Bus bus = contract.bus();
    Caller caller = Caller.openNew(bus, Samples.mono("call-1")).store(640);
    Owner owner = contract.closing(Worker.on(bus, 1)).awaitGrant();
    checkLedger(bus, 640, 0, 0, 640);
    owner.appendFinal(0, 320, "hello");
    checkLedger(bus, 640, 320, 0, 320);
    owner.cover(0, 320, 480);
    checkLedger(bus, 640, 480, 0, 160);
    caller.storeAfterLoss(640, 320);
    checkLedger(bus, 1600, 480, 0, 1120);
    owner.cover(0, 480, 640);
    owner.appendGap(640, 1280, "dropped");
    checkLedger(bus, 1600, 640, 640, 320);
    owner.appendFinal(1280, 1600, "bye");
    checkLedger(bus, 1600, 960, 640, 0);
  }

  private static void checkLedger(
      Bus bus, long received, long transcribed, long gap, long pending) {
    CallRecord record = record(bus);
    assertThat(record.receivedBytes()).as("received").isEqualTo(received);
    assertThat(record.transcribedBytes()).as("transcribed").isEqualTo(transcribed);
    assertThat(record.gapBytes()).as("gap").isEqualTo(gap);
    assertThat(record.pendingBytes()).as("pending").isEqualTo(pending);
  }

  @Test
  void finalWithEmptyCoverage_isRejected() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 960);
    owner.appendFinal(0, 320, "hello");

    assertThatIllegalArgumentException().isThrownBy(() -> owner.appendFinal(320, 320, "hello"));
    assertThat(transcript(bus)).hasSize(1);
  }

  @Test
  void ids_areOrderedNumerically() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 32_000);
    owner.appendFinal(0, 2, "a");
    owner.appendFinal(2, 10, "b");
    owner.appendFinal(10, 900, "c");
    owner.appendFinal(900, 16_000, "d");

    assertThat(transcript(bus))
        .extracting(TranscriptEntry::id)
        .containsExactly("2-0", "10-0", "900-0", "16000-0");
    assertThat(Answers.of(bus.transcripts().read(CALL, "10-0", 1)))
        .extracting(TranscriptEntry::id)
        .containsExactly("900-0");
  }

  @Test
  void read_returnsEntriesAfterIdUpToLimit() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus, 32_000);
    for (int i = 0; i < 10; i++) {
      owner.appendFinal(i * 320L, (i + 1) * 320L, "word " + i);
    }

    assertThat(Answers.of(bus.transcripts().read(CALL, "640-0", 3)))
        .extracting(TranscriptEntry::id)
        .containsExactly("960-0", "1280-0", "1600-0");
    assertThat(Answers.of(bus.transcripts().read(CALL, "3200-0", 3))).isEmpty();
    assertThat(Answers.of(bus.transcripts().read(new CallId("unknown"), "0-0", 3))).isEmpty();
  }
}
