package io.verbatim.pubsub.testkit;

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

/// Each entry is linked to the one before it, so that a reader notices a replaced history.
abstract class LinkingContract {
  private static final CallId CALL = Samples.mono("call-1").call();

  private final BusContract stage;

  LinkingContract(BusContract stage) {
    this.stage = stage;
  }

  private Owner ownerOf(Bus bus) {
    Caller.opens(bus, Samples.mono("call-1")).says(32_000);
    return stage.closing(Worker.on(bus, 1)).takes();
  }

  private static List<TranscriptEntry> transcript(Bus bus) {
    return Answers.of(bus.transcripts().read(CALL, TranscriptLog.START, 1000));
  }

  @Test
  void everyEntry_followsTheLineBefore() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    owner.says(0, 320, "one");
    owner.covers(0, 320, 640);
    owner.gap(640, 960, "log_lost");
    owner.says(960, 1280, "two");
    owner.ends(32_000);

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
  void liveState_hasTheLineOfTheLastEntry() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    owner.says(0, 320, "one");
    owner.interim(Samples.speech("s2", 0, "tw"));
    TranscriptReader reader = stage.closing(bus.transcripts().follow(CALL, TranscriptLog.START));

    TranscriptChange change = Answers.of(reader.next());

    assertThat(change.now().line()).isEqualTo(change.entries().getLast().link().line());
    owner.ends(32_000);
    assertThat(endedChange(reader).now().line()).isEqualTo(transcript(bus).getLast().link().line());
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
  void liveStateOfACallWithoutEntries_hasTheLineTheFirstEntryFollows() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    owner.interim(Samples.speech("s1", 0, "on"));
    TranscriptReader reader = stage.closing(bus.transcripts().follow(CALL, TranscriptLog.START));
    String line = Answers.of(reader.next()).now().line();

    owner.says(0, 320, "one");

    assertThat(transcript(bus).getFirst().link().after()).isEqualTo(line);
  }

  @Test
  void twoCallsWithTheSameWords_haveDifferentLines() {
    Bus bus = stage.bus();
    Owner one = ownerOf(bus);
    one.says(0, 320, "one");
    Caller.opens(bus, Samples.mono("call-2")).says(32_000);
    Owner other = stage.closing(Worker.on(bus, 1)).takes();
    other.says(0, 320, "one");

    List<TranscriptEntry> second =
        Answers.of(
            bus.transcripts().read(Samples.mono("call-2").call(), TranscriptLog.START, 1000));

    assertThat(second.getFirst().id()).isEqualTo(transcript(bus).getFirst().id());
    assertThat(second.getFirst().link().line())
        .isNotEqualTo(transcript(bus).getFirst().link().line());
  }

  @Test
  void newestEntries_areReadOldestFirst() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    owner.says(0, 320, "one");
    owner.says(320, 640, "two");
    owner.says(640, 960, "three");

    List<TranscriptEntry> all = transcript(bus);
    assertThat(Answers.of(bus.transcripts().newest(CALL, 2))).isEqualTo(all.subList(1, 3));
    assertThat(Answers.of(bus.transcripts().newest(CALL, 5))).isEqualTo(all);
    assertThat(Answers.of(bus.transcripts().newest(new CallId("other"), 5))).isEmpty();
  }

  @Test
  void entry_isFoundByItsId() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    owner.says(0, 320, "one");
    owner.gap(320, 960, "log_lost");

    assertThat(Answers.of(bus.transcripts().find(CALL, "960-0")))
        .isEqualTo(Optional.of(transcript(bus).getLast()));
    assertThat(Answers.of(bus.transcripts().find(CALL, "640-0"))).isEmpty();
    assertThat(Answers.of(bus.transcripts().find(new CallId("other"), "960-0"))).isEmpty();
  }
}
