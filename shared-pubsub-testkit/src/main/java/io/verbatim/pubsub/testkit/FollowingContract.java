package io.verbatim.pubsub.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.RecognizerStatus.State;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.TranscriptEntry.Final;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// How a transcript is followed, live.
abstract class FollowingContract {
  private static final CallId CALL = Samples.mono("call-1").call();

  private final BusContract stage;

  FollowingContract(BusContract stage) {
    this.stage = stage;
  }

  private TranscriptReader follow(Bus bus, String afterId) {
    return stage.closing(bus.transcripts().follow(CALL, afterId));
  }

  private Owner ownerOf(Bus bus) {
    Caller.opens(bus, Samples.mono("call-1")).says(32_000);
    return stage.closing(Worker.on(bus, 1)).takes();
  }

  private static TranscriptChange next(TranscriptReader reader) {
    return Answers.of(reader.next());
  }

  /// Reads on until a change shows what is looked for.
  private static TranscriptChange until(
      TranscriptReader reader, Predicate<TranscriptChange> wanted) {
    TranscriptChange change = next(reader);
    while (!wanted.test(change)) {
      change = next(reader);
    }
    return change;
  }

  private static Predicate<TranscriptChange> register(Predicate<LiveState> wanted) {
    return change -> wanted.test(change.now());
  }

  @Test
  void callThatHasNotBegun_isWaitedFor() {
    Bus bus = stage.bus();
    TranscriptReader reader = follow(bus, TranscriptLog.START);
    assertThat(next(reader)).isEqualTo(new TranscriptChange(List.of(), LiveState.EMPTY, true));
    CompletionStage<TranscriptChange> asked = reader.next();

    ownerOf(stage.bus()).says(0, 320, "hello");

    TranscriptChange change = Answers.of(asked);
    if (change.entries().isEmpty()) {
      change = until(reader, later -> !later.entries().isEmpty());
    }
    assertThat(change.entries()).extracting(TranscriptEntry::id).containsExactly("320-0");
  }

  @Test
  void history_comesInPartsAndThenLiveOn() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    for (int i = 0; i < 150; i++) {
      owner.says(i * 100L, (i + 1) * 100L, "word " + i);
    }
    TranscriptReader reader = follow(stage.bus(), TranscriptLog.START);

    TranscriptChange first = next(reader);
    TranscriptChange second = next(reader);

    assertThat(first.entries()).hasSize(100);
    assertThat(first.caughtUp()).isFalse();
    assertThat(second.entries()).hasSize(50);
    assertThat(second.caughtUp()).isTrue();
    CompletionStage<TranscriptChange> asked = reader.next();
    owner.says(15_000, 15_100, "live");
    assertThat(Answers.of(asked).entries())
        .extracting(TranscriptEntry::id)
        .containsExactly("15100-0");
  }

  @Test
  void historyThatFillsItsPart_isFollowedByTheWordThatThisIsAll() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    for (int i = 0; i < 100; i++) {
      owner.says(i * 100L, (i + 1) * 100L, "word " + i);
    }
    TranscriptReader reader = follow(stage.bus(), TranscriptLog.START);
    List<TranscriptEntry> entries = new ArrayList<>();

    TranscriptChange change;
    do {
      change = next(reader);
      entries.addAll(change.entries());
    } while (!change.caughtUp());

    assertThat(entries).hasSize(100);
  }

  @Test
  void follower_resumesBehindAnyEntryWithoutASeam() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    for (int i = 0; i < 5; i++) {
      owner.says(i * 320L, (i + 1) * 320L, "word " + i);
    }
    List<TranscriptEntry> all = next(follow(bus, TranscriptLog.START)).entries();

    for (int i = 0; i < all.size(); i++) {
      assertThat(next(follow(bus, all.get(i).id())).entries())
          .isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  @Test
  void interims_replaceEachOtherUntilTheirFinal() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader reader = follow(stage.bus(), TranscriptLog.START);
    Speech first = Samples.speech("s320", 0, "hel");
    Speech second = Samples.speech("s320", 0, "hello");

    owner.interim(first);
    assertThat(until(reader, register(now -> !now.interims().isEmpty())).now().interims())
        .containsExactly(first);
    owner.interim(second);
    assertThat(
            until(reader, register(now -> !now.interims().equals(List.of(first)))).now().interims())
        .containsExactly(second);
    owner.says(0, 320, "hello");
    TranscriptChange last = until(reader, change -> !change.entries().isEmpty());
    if (!last.now().interims().isEmpty()) {
      last = until(reader, register(now -> now.interims().isEmpty()));
    }
    assertThat(last.now().interims()).isEmpty();
  }

  @Test
  void silence_removesTheInterimToo() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    owner.interim(Samples.speech("s320", 0, "hm"));
    owner.covers(0, 0, 320);

    assertThat(next(follow(bus, TranscriptLog.START)).now().interims()).isEmpty();
  }

  @Test
  void interim_neverVanishesBeforeItsFinalIsThere() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader reader = follow(stage.bus(), TranscriptLog.START);
    Set<String> shown = new HashSet<>();
    Set<String> confirmed = new HashSet<>();
    List<CompletionStage<?>> writes = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      Speech words = Samples.speech("s" + i, 0, "word " + i);
      writes.add(bus.transcripts().setInterim(CALL, owner.grant().owner(), words));
      writes.add(
          bus.transcripts()
              .append(CALL, owner.grant().owner(), new Coverage(0, (i - 1) * 2L, i * 2L), words));
    }

    while (confirmed.size() < 200) {
      TranscriptChange change = next(reader);
      change.entries().forEach(entry -> confirmed.add(((Final) entry).speech().segment()));
      Set<String> showing = new HashSet<>();
      change.now().interims().forEach(interim -> showing.add(interim.segment()));
      shown.addAll(showing);
      if (change.caughtUp()) {
        shown.removeAll(showing);
        assertThat(confirmed).as("what has vanished").containsAll(shown);
        shown.addAll(showing);
      }
    }
    writes.forEach(Answers::of);
  }

  @Test
  void recognizersState_isFollowed() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader reader = follow(stage.bus(), TranscriptLog.START);
    assertThat(next(reader).now().recognizer()).isEmpty();
    RecognizerStatus connected = new RecognizerStatus(State.CONNECTED, "scripted", "");
    RecognizerStatus away = new RecognizerStatus(State.RECONNECTING, "scripted", "no route");

    owner.recognizer(connected);
    assertThat(until(reader, register(now -> now.recognizer().isPresent())).now().recognizer())
        .contains(connected);
    owner.recognizer(away);
    assertThat(
            until(reader, register(now -> !now.recognizer().equals(Optional.of(connected))))
                .now()
                .recognizer())
        .contains(away);
  }

  @Test
  void gapsAndTheEnd_areFollowed() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader reader = follow(stage.bus(), TranscriptLog.START);
    owner.gap(0, 320, "log_lost");
    owner.ends(32_000);

    List<TranscriptEntry> entries = new ArrayList<>();
    while (entries.isEmpty() || !(entries.getLast() instanceof TranscriptEntry.Ended)) {
      entries.addAll(next(reader).entries());
    }

    assertThat(entries)
        .hasExactlyElementsOfTypes(
            TranscriptEntry.Gap.class, TranscriptEntry.Gap.class, TranscriptEntry.Ended.class);
  }

  @Test
  void twoFollowers_getEverythingEach() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    Bus gateway = stage.bus();
    TranscriptReader one = follow(gateway, TranscriptLog.START);
    TranscriptReader other = follow(gateway, TranscriptLog.START);
    next(one);
    next(other);
    CompletionStage<TranscriptChange> first = one.next();
    CompletionStage<TranscriptChange> second = other.next();

    owner.says(0, 320, "hello");

    assertThat(Answers.of(first).entries()).hasSize(1);
    assertThat(Answers.of(second).entries()).hasSize(1);
  }

  @Test
  void closedFollower_isNeverAnswered() {
    Bus bus = stage.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader closed = follow(bus, TranscriptLog.START);
    next(closed);
    CompletionStage<TranscriptChange> asked = closed.next();
    closed.close();
    TranscriptReader other = follow(bus, TranscriptLog.START);

    owner.says(0, 320, "hello");
    until(other, change -> !change.entries().isEmpty());

    assertThat(asked.toCompletableFuture()).isNotDone();
  }
}
