package io.verbatim.pubsub.contract;

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
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// The contract of following a transcript live.
abstract class FollowingContract {
  private static final CallId CALL = Samples.mono("call-1").call();

  private final BusContract contract;

  FollowingContract(BusContract contract) {
    this.contract = contract;
  }

  private TranscriptReader follow(Bus bus, String afterId) {
    return contract.closing(bus.transcripts().follow(CALL, afterId));
  }

  private Owner ownerOf(Bus bus) {
    Caller.openNew(bus, Samples.mono("call-1")).store(32_000);
    return contract.closing(Worker.on(bus, 1)).awaitGrant();
  }

  private static TranscriptChange next(TranscriptReader reader) {
    return Answers.of(reader.next());
  }

  /// Reads until a change matches.
  private static TranscriptChange until(
      TranscriptReader reader, Predicate<TranscriptChange> wanted) {
    TranscriptChange change = next(reader);
    while (!wanted.test(change)) {
      change = next(reader);
    }
    return change;
  }

  private static Predicate<TranscriptChange> liveState(Predicate<LiveState> wanted) {
    return change -> wanted.test(change.liveState());
  }

  @Test
  void callNotStarted_followerWaits() {
    Bus bus = contract.bus();
    TranscriptReader reader = follow(bus, TranscriptLog.START);
    assertThat(next(reader)).isEqualTo(new TranscriptChange(List.of(), LiveState.EMPTY, true));
    CompletionStage<TranscriptChange> asked = reader.next();

    ownerOf(contract.bus()).appendFinal(0, 320, "hello");

    TranscriptChange change = Answers.of(asked);
    if (change.entries().isEmpty()) {
      change = until(reader, later -> !later.entries().isEmpty());
    }
    assertThat(change.entries()).extracting(TranscriptEntry::id).containsExactly("320-0");
  }

  @Test
  void final_carriesTheServersTimeOfItsAppend() {
    Bus bus = contract.bus();
    long before = serverMillis(bus);
    ownerOf(bus).appendFinal(0, 320, "hello");
    long after = serverMillis(bus);

    TranscriptEntry entry = next(follow(bus, TranscriptLog.START)).entries().getFirst();

    assertThat(entry).isInstanceOf(Final.class);
    assertThat(((Final) entry).appendedMillis()).isBetween(before - 1, after + 1);
  }

  /// The server's time, as soon as it is known. Its error is below the round trip on loopback.
  private static long serverMillis(Bus bus) {
    CompletableFuture<Long> known = new CompletableFuture<>();
    bus.loop().execute(() -> pollServerMillis(bus, known));
    return Answers.of(known);
  }

  private static void pollServerMillis(Bus bus, CompletableFuture<Long> known) {
    OptionalLong millis = bus.serverMillis();
    if (millis.isPresent()) {
      known.complete(millis.getAsLong());
    } else {
      var _ = bus.loop().schedule(() -> pollServerMillis(bus, known), 5, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void history_comesInPagesThenLive() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    for (int i = 0; i < 150; i++) {
      owner.appendFinal(i * 100L, (i + 1) * 100L, "word " + i);
    }
    TranscriptReader reader = follow(contract.bus(), TranscriptLog.START);

    TranscriptChange first = next(reader);
    TranscriptChange second = next(reader);

    assertThat(first.entries()).hasSize(100);
    assertThat(first.caughtUp()).isFalse();
    assertThat(second.entries()).hasSize(50);
    assertThat(second.caughtUp()).isTrue();
    CompletionStage<TranscriptChange> asked = reader.next();
    owner.appendFinal(15_000, 15_100, "live");
    assertThat(Answers.of(asked).entries())
        .extracting(TranscriptEntry::id)
        .containsExactly("15100-0");
  }

  @Test
  void historyOfOneFullPage_isFollowedByCaughtUp() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    for (int i = 0; i < 100; i++) {
      owner.appendFinal(i * 100L, (i + 1) * 100L, "word " + i);
    }
    TranscriptReader reader = follow(contract.bus(), TranscriptLog.START);
    List<TranscriptEntry> entries = new ArrayList<>();

    TranscriptChange change;
    do {
      change = next(reader);
      entries.addAll(change.entries());
    } while (!change.caughtUp());

    assertThat(entries).hasSize(100);
  }

  @Test
  void follower_resumesAfterAnyEntryWithoutLossOrRepeat() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    for (int i = 0; i < 5; i++) {
      owner.appendFinal(i * 320L, (i + 1) * 320L, "word " + i);
    }
    List<TranscriptEntry> all = next(follow(bus, TranscriptLog.START)).entries();

    for (int i = 0; i < all.size(); i++) {
      assertThat(next(follow(bus, all.get(i).id())).entries())
          .isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  @Test
  void interim_isReplacedUntilItsFinal() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader reader = follow(contract.bus(), TranscriptLog.START);
    Speech first = Samples.speech("s320", 0, "hel");
    Speech second = Samples.speech("s320", 0, "hello");

    owner.setInterim(first);
    assertThat(until(reader, liveState(now -> !now.interims().isEmpty())).liveState().interims())
        .containsExactly(first);
    owner.setInterim(second);
    assertThat(
            until(reader, liveState(now -> !now.interims().equals(List.of(first))))
                .liveState()
                .interims())
        .containsExactly(second);
    owner.appendFinal(0, 320, "hello");
    TranscriptChange last = until(reader, change -> !change.entries().isEmpty());
    if (!last.liveState().interims().isEmpty()) {
      last = until(reader, liveState(now -> now.interims().isEmpty()));
    }
    assertThat(last.liveState().interims()).isEmpty();
  }

  @Test
  void silence_removesInterim() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    owner.setInterim(Samples.speech("s320", 0, "hm"));
    owner.cover(0, 0, 320);

    assertThat(next(follow(bus, TranscriptLog.START)).liveState().interims()).isEmpty();
  }

  @Test
  void interim_isRemovedOnlyAfterItsFinalIsReadable() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader reader = follow(contract.bus(), TranscriptLog.START);
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
      change.liveState().interims().forEach(interim -> showing.add(interim.segment()));
      shown.addAll(showing);
      if (change.caughtUp()) {
        shown.removeAll(showing);
        assertThat(confirmed).as("finals of removed interims").containsAll(shown);
        shown.addAll(showing);
      }
    }
    writes.forEach(Answers::of);
  }

  @Test
  void recognizerState_isFollowed() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader reader = follow(contract.bus(), TranscriptLog.START);
    assertThat(next(reader).liveState().recognizer()).isEmpty();
    RecognizerStatus connected = new RecognizerStatus(State.CONNECTED, "scripted", "");
    RecognizerStatus away = new RecognizerStatus(State.RECONNECTING, "scripted", "no route");

    owner.setRecognizer(connected);
    assertThat(
            until(reader, liveState(now -> now.recognizer().isPresent())).liveState().recognizer())
        .contains(connected);
    owner.setRecognizer(away);
    assertThat(
            until(reader, liveState(now -> !now.recognizer().equals(Optional.of(connected))))
                .liveState()
                .recognizer())
        .contains(away);
  }

  @Test
  void gapsAndTheEnd_areFollowed() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader reader = follow(contract.bus(), TranscriptLog.START);
    owner.appendGap(0, 320, "log_lost");
    owner.end(32_000);

    List<TranscriptEntry> entries = new ArrayList<>();
    while (entries.isEmpty() || !(entries.getLast() instanceof TranscriptEntry.Ended)) {
      entries.addAll(next(reader).entries());
    }

    assertThat(entries)
        .hasExactlyElementsOfTypes(
            TranscriptEntry.Gap.class, TranscriptEntry.Gap.class, TranscriptEntry.Ended.class);
  }

  @Test
  void twoFollowers_receiveAllEntriesEach() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    Bus gateway = contract.bus();
    TranscriptReader one = follow(gateway, TranscriptLog.START);
    TranscriptReader other = follow(gateway, TranscriptLog.START);
    next(one);
    next(other);
    CompletionStage<TranscriptChange> first = one.next();
    CompletionStage<TranscriptChange> second = other.next();

    owner.appendFinal(0, 320, "hello");

    assertThat(Answers.of(first).entries()).hasSize(1);
    assertThat(Answers.of(second).entries()).hasSize(1);
  }

  @Test
  void closedFollower_isNeverAnswered() {
    Bus bus = contract.bus();
    Owner owner = ownerOf(bus);
    TranscriptReader closed = follow(bus, TranscriptLog.START);
    next(closed);
    CompletionStage<TranscriptChange> asked = closed.next();
    closed.close();
    TranscriptReader other = follow(bus, TranscriptLog.START);

    owner.appendFinal(0, 320, "hello");
    until(other, change -> !change.entries().isEmpty());

    assertThat(asked.toCompletableFuture()).isNotDone();
  }
}
