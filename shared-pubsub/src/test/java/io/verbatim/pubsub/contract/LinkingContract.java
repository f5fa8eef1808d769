package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The contract of links: each entry is linked to the previous one, so that a reader detects a
/// replaced history.
abstract class LinkingContract {
  private static final CallId CALL = Samples.mono("call-1").call();

  private final BusContract contract;

  LinkingContract(BusContract contract) {
    this.contract = contract;
  }

  private Owner ownerOf(Bus bus) {
    Caller.openNew(bus, Samples.mono("call-1")).store(32_000);
    return contract.closing(Worker.on(bus, 1)).awaitGrant();
  }

  private static List<TranscriptEntry> transcript(Bus bus) {
    return Answers.of(bus.transcripts().read(CALL, TranscriptLog.START, 1000));
  }

  @Test
  void everyEntry_followsLineOfPreviousEntry() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    owner.appendFinal(0, 320, "one");
    owner.cover(0, 320, 640);
    owner.appendGap(640, 960, "log_lost");
    owner.appendFinal(960, 1280, "two");
    owner.end(32_000);

    List<TranscriptEntry> entries = transcript(bus);

    assertThat(entries).hasSize(5);
    assertThat(entries).allMatch(entry -> entry.link().line().matches("[0-9a-f]{12}"));
    assertThat(entries.getFirst().link().after()).matches("[0-9a-f]{12}");
    for (int i = 1; i < entries.size(); i++) {
      assertThat(entries.get(i).link().after()).isEqualTo(entries.get(i - 1).link().line());
    }
    assertThat(entries).extracting(entry -> entry.link().line()).doesNotHaveDuplicates();
  }

  @Test
  void liveState_hasLineOfLastEntry() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    owner.appendFinal(0, 320, "one");
    owner.setInterim(Samples.speech("s2", 0, "tw"));
    TranscriptReader reader = contract.closing(bus.transcripts().follow(CALL, TranscriptLog.START));

    TranscriptChange change = Answers.of(reader.next());

    assertThat(change.liveState().line()).isEqualTo(change.entries().getLast().link().line());
    owner.end(32_000);
    assertThat(endedChange(reader).liveState().line())
        .isEqualTo(transcript(bus).getLast().link().line());
  }

  private static TranscriptChange endedChange(TranscriptReader reader) {
    TranscriptChange change;
    boolean ended = false;
    do {
      change = Answers.of(reader.next());
      ended |= change.entries().stream().anyMatch(TranscriptEntry.Ended.class::isInstance);
    } while (!ended);
    return change;
  }

  @Test
  void noEntries_liveStateHasLineBeforeFirstEntry() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    owner.setInterim(Samples.speech("s1", 0, "on"));
    TranscriptReader reader = contract.closing(bus.transcripts().follow(CALL, TranscriptLog.START));
    String line = Answers.of(reader.next()).liveState().line();

    owner.appendFinal(0, 320, "one");

    assertThat(transcript(bus).getFirst().link().after()).isEqualTo(line);
  }

  @Test
  void twoCallsWithTheSameWords_haveDifferentLines() {
    Bus bus = contract.bus();
    Owner one = ownerOf(bus);
    one.appendFinal(0, 320, "one");
    Caller.openNew(bus, Samples.mono("call-2")).store(32_000);
    Owner other = contract.closing(Worker.on(bus, 1)).awaitGrant();
    other.appendFinal(0, 320, "one");

    List<TranscriptEntry> second =
        Answers.of(
            bus.transcripts().read(Samples.mono("call-2").call(), TranscriptLog.START, 1000));

    assertThat(second.getFirst().id()).isEqualTo(transcript(bus).getFirst().id());
    assertThat(second.getFirst().link().line())
        .isNotEqualTo(transcript(bus).getFirst().link().line());
  }

  @Test
  void newestEntries_areReadOldestFirst() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    owner.appendFinal(0, 320, "one");
    owner.appendFinal(320, 640, "two");
    owner.appendFinal(640, 960, "three");

    List<TranscriptEntry> all = transcript(bus);
    assertThat(Answers.of(bus.transcripts().newest(CALL, 2))).isEqualTo(all.subList(1, 3));
    assertThat(Answers.of(bus.transcripts().newest(CALL, 5))).isEqualTo(all);
    assertThat(Answers.of(bus.transcripts().newest(new CallId("other"), 5))).isEmpty();
  }

  @Test
  void entry_isFoundByItsId() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    owner.appendFinal(0, 320, "one");
    owner.appendGap(320, 960, "log_lost");

    assertThat(Answers.of(bus.transcripts().find(CALL, "960-0")))
        .isEqualTo(Optional.of(transcript(bus).getLast()));
    assertThat(Answers.of(bus.transcripts().find(CALL, "640-0"))).isEmpty();
    assertThat(Answers.of(bus.transcripts().find(new CallId("other"), "960-0"))).isEmpty();
  }
}
