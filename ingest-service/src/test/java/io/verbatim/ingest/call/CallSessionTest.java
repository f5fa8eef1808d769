package io.verbatim.ingest.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.ingest.call.AdmissionResult.Admitted;
import io.verbatim.ingest.call.AdmissionResult.Limit;
import io.verbatim.ingest.call.AdmissionResult.Rejected;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A live call's reactions to the events of its log.
class CallSessionTest {
  private static final int BUFFER = 64 * 1024;
  private static final int QUOTA = 10_000;
  private static final int RETRANSMIT_BYTES = 2 * BUFFER;

  private final ScriptedAudioLog log = new ScriptedAudioLog();
  private final RecordedEvents events = new RecordedEvents();
  private final BacklogQuota quota = new BacklogQuota(QUOTA);
  private final BlockPool retransmitPool = new BlockPool(RETRANSMIT_BYTES);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final IngestMetrics metrics = new IngestMetrics(meters);
  private final ManualDelays time = new ManualDelays();
  private int tokens;
  private final CallRegistry registry = registryWith(Duration.ofMillis(20));

  private CallRegistry registryWith(Duration heartbeatInterval) {
    return new CallRegistry(2, 2, context(heartbeatInterval), () -> "writer " + tokens++);
  }

  private CallContext context(Duration heartbeatInterval) {
    return new CallContext(
        log,
        () -> !log.isAway(),
        quota,
        retransmitPool,
        time,
        time,
        RandomGenerator.getDefault(),
        metrics,
        new CallSettings(BUFFER, heartbeatInterval, Duration.ofMillis(50), Duration.ofSeconds(30)));
  }

  @Test
  void idleLog_storesEachFrameAtOnce() {
    CallSession call = open(Source.PCM);

    add(call, 1, 3);

    assertThat(log.entries()).extracting(AudioAppend::seq).containsExactly(1L, 2L, 3L);
    assertThat(events.all()).containsExactly("opened c1 1", "stored 1", "stored 2", "stored 3");
  }

  @Test
  void framesDuringAWrite_areStoredAsOneEntry() {
    CallSession call = open(Source.PCM);
    log.hold();
    add(call, 1, 50);

    log.release();

    assertThat(log.entries()).extracting(AudioAppend::seq).containsExactly(1L, 50L);
    assertThat(log.bytes()).isEqualTo(frames(1, 50));
  }

  @Test
  void largeFrame_isSplitIntoEntriesOf32KiB() {
    CallSession call = open(Source.PCM);
    log.hold();
    call.add(new byte[2], 1);
    call.add(new byte[40_000], 2);
    log.release();

    assertThat(log.entries())
        .extracting(entry -> entry.pcm().length)
        .containsExactly(2, 32768, 7232);
    assertThat(log.entries()).extracting(AudioAppend::seq).containsExactly(1L, 1L, 2L);
  }

  @Test
  void framesBeforeTheOpenAnswer_areStoredAfterIt() {
    log.hold();
    CallSession call = open(Source.EXOTEL);
    call.add(frame(1), 0);
    call.end("stopped");
    assertThat(log.entries()).isEmpty();

    log.release();

    assertThat(log.bytes()).isEqualTo(frame(1));
    assertThat(log.ends()).containsExactly("320 stopped");
  }

  @Test
  void lostAnswers_storeNothingTwice() {
    CallSession call = open(Source.PCM);
    log.loseAnswers(3);
    add(call, 1, 10);
    call.end("stop");

    time.advanceUntil(() -> events.all().contains("ended"));

    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertThat(log.ends()).containsExactly("3200 stop");
  }

  @Test
  void lostTail_isStoredAgain() {
    CallSession call = open(Source.PCM);
    add(call, 1, 10);
    log.loseTail(4);

    add(call, 11, 12);

    assertThat(log.bytes()).isEqualTo(frames(1, 12));
    assertThat(bytes("lost")).isEqualTo(4 * 320);
    assertReceivedBytesAreAccountedFor();
  }

  @Test
  void lostTail_isStoredAgainBeforeTheEnd() {
    CallSession call = open(Source.PCM);
    add(call, 1, 10);
    log.loseTail(4);

    call.end("stop");

    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertThat(log.ends()).containsExactly("3200 stop");
  }

  @Test
  void coveredAudio_isKeptForFiveSeconds() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    CallSession call = openIn(calls, start(Source.PCM), false, events);
    add(call, 1, 10);
    log.cover(10 * 320);
    add(call, 11, 11);
    time.advance(Duration.ofMillis(4_999));
    add(call, 12, 12);
    assertThat(buffered()).isEqualTo(12 * 320);

    time.advance(Duration.ofMillis(1));
    add(call, 13, 13);

    assertThat(buffered()).isEqualTo(3 * 320);
  }

  @Test
  void lostFinals_coverNothing() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    CallSession call = openIn(calls, start(Source.PCM), false, events);
    add(call, 1, 10);
    log.cover(10 * 320);
    add(call, 11, 11);

    log.loseTail(6);
    log.cover(5 * 320);
    add(call, 12, 12);
    time.advance(Duration.ofSeconds(6));
    add(call, 13, 13);

    assertThat(log.bytes()).isEqualTo(frames(1, 13));
    assertThat(buffered()).isEqualTo(8 * 320);
  }

  @Test
  void lostCall_isStoredAgainFromMemory() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    CallSession call = openIn(calls, start(Source.PCM), false, events);
    add(call, 1, 5);
    log.cover(5 * 320);
    add(call, 6, 6);
    time.advance(Duration.ofSeconds(6));
    add(call, 7, 10);
    log.cover(9 * 320);
    add(call, 11, 11);

    log.wipe();
    add(call, 12, 12);

    assertThat(log.bytes()).isEqualTo(frames(6, 12));
    assertThat(log.entries().getFirst().end()).isEqualTo(12 * 320);
  }

  @Test
  void lostYoungCall_isStoredAgainInFull() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    CallSession call = openIn(calls, start(Source.PCM), false, events);
    add(call, 1, 5);
    log.cover(5 * 320);
    add(call, 6, 6);

    log.wipe();
    add(call, 7, 7);

    assertThat(log.bytes()).isEqualTo(frames(1, 7));
  }

  @Test
  void endLostAfterTheTranscriptEnded_isWrittenAgain() {
    CallSession call = open(Source.PCM);
    add(call, 1, 10);
    call.end("stop");
    time.advanceUntil(() -> log.ends().equals(List.of("3200 stop")));
    log.endTranscriptOnce();

    log.loseTail(4);
    log.loseEnd();

    time.advanceUntil(() -> log.ends().equals(List.of("3200 stop")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
  }

  @Test
  void audioInMemory_staysWithinTheBuffer() {
    CallSession call = open(Source.PCM);

    add(call, 1, 1000);

    assertThat(buffered()).isLessThanOrEqualTo(BUFFER);
  }

  @Test
  void storedAudioOfAllCalls_isBoundedAndEachCallKeepsItsEqualShare() {
    CallSession call = open(Source.PCM);
    List<StoredAudio> others =
        Stream.generate(() -> new StoredAudio(retransmitPool)).limit(4).toList();
    others.forEach(other -> store(75, other));

    add(call, 1, 200);
    assertThat(others).allMatch(other -> other.bytes() == 75 * 320);
    assertThat(buffered()).isBetween(3 * 25 * 320.0, 4 * 25 * 320.0);
    assertThat(retransmitPool.bytes()).isLessThanOrEqualTo(RETRANSMIT_BYTES);

    others.forEach(StoredAudio::close);
    add(call, 201, 400);
    assertThat(buffered()).isBetween(BUFFER - 320.0, (double) BUFFER);
    call.end("stop");
    log.endTranscript();
    time.advanceUntil(() -> retransmitPool.bytes() == 0);
  }

  private static void store(int frames, StoredAudio audio) {
    for (long start = 0; start < frames * 320L; start += 320) {
      audio.addLast(new AudioChunk(start, new byte[320], 0, 0, 0));
    }
  }

  @Test
  void callAboveItsShare_losesItsOldestAudioToOthers() {
    CallSession call = open(Source.PCM);
    StoredAudio other = new StoredAudio(retransmitPool);
    store(300, other);
    assertThat(other.memory()).isGreaterThan(RETRANSMIT_BYTES / 2);

    add(call, 1, 200);

    assertThat(other.memory()).isEqualTo(RETRANSMIT_BYTES / 2);
    assertThat(buffered()).isGreaterThan(7 * 25 * 320.0);
  }

  @Test
  void wipedLog_receivesTheCallAgain() {
    CallSession call = open(Source.PCM);
    add(call, 1, 10);
    log.wipe();

    add(call, 11, 11);

    time.advanceUntil(() -> log.bytes().length == 11 * 320);
    assertThat(log.opens()).isEqualTo(2);
    assertThat(log.bytes()).isEqualTo(frames(1, 11));
  }

  @Test
  void wipedLogWithoutNewAudio_receivesTheCallAgain() {
    CallSession call = open(Source.PCM);
    add(call, 1, 10);

    log.wipe();

    time.advanceUntil(() -> log.bytes().length == 10 * 320);
  }

  @Test
  void logWipedAfterTheEnd_receivesCallAndEndAgainWithoutASecondEvent() {
    CallSession call = open(Source.PCM);
    add(call, 1, 10);
    call.end("stop");
    time.advanceUntil(() -> log.ends().equals(List.of("3200 stop")));

    log.wipe();

    time.advanceUntil(() -> log.ends().equals(List.of("3200 stop", "3200 stop")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertThat(events.all().stream().filter("ended"::equals)).hasSize(1);
    assertThat(registry.size()).isZero();
  }

  @Test
  void tailLostAfterTheEnd_isStoredAgainWithTheEnd() {
    CallSession call = open(Source.PCM);
    add(call, 1, 10);
    call.end("stop");
    time.advanceUntil(() -> log.ends().equals(List.of("3200 stop")));

    log.loseEnd();
    log.loseTail(4);

    time.advanceUntil(() -> log.ends().equals(List.of("3200 stop")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
  }

  @Test
  void endedTranscript_releasesTheCallsAudio() {
    CallSession call = open(Source.PCM);
    add(call, 1, 10);
    call.end("stop");
    time.advanceUntil(() -> log.ends().equals(List.of("3200 stop")));
    assertThat(buffered()).isEqualTo(3200);

    log.endTranscript();

    time.advanceUntil(() -> buffered() == 0);
  }

  @Test
  void settlingCallsBeyondMaxCalls_areReleasedOldestFirst() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      log.holds(0, 0, 0);
      CallSession call = openIn(calls, start(Source.PCM), false, events);
      add(call, 1, 10);
      call.end("stop");
    }
    assertThat(buffered()).as("two calls at most").isEqualTo(2 * 3200);

    log.holds(0, 0, 0);
    openIn(calls, start(Source.PCM), false, events);

    assertThat(buffered()).as("one of the two calls is live").isEqualTo(3200);
  }

  @Test
  void fullLog_trimsTheCallsOldestAudioAndStoresAllFrames() {
    CallSession call = open(Source.PCM);
    log.full(2);

    add(call, 1, 3);

    time.advanceUntil(() -> Arrays.equals(log.bytes(), frames(1, 3)));
    assertThat(log.trims()).isEqualTo(2);
    assertThat(meters.get("verbatim.ingest.trimmed").counter().count()).isEqualTo(2_000);
  }

  @Test
  void backlogOfAllCalls_isBoundedAndEachCallKeepsItsEqualShare() {
    CallSession first = open(Source.PCM);
    add(first, 1, 50);
    assertThat(quota.bytes()).isEqualTo(QUOTA);
    BacklogQuota.Share second = quota.join();

    assertThat(second.limit()).isEqualTo(QUOTA / 2);
    second.set(QUOTA / 2);
    add(first, 51, 51);
    assertThat(quota.bytes()).isEqualTo(QUOTA);
    assertThat(log.entries().getLast().mostUnreadBytes()).isEqualTo(QUOTA / 2);

    log.cover(51 * 320);
    add(first, 52, 52);
    assertThat(quota.bytes()).isEqualTo(QUOTA / 2 + 320);
    first.end("stop");
    log.endTranscript();
    time.advanceUntil(() -> quota.bytes() == QUOTA / 2);
  }

  @Test
  void partlyStoredFrame_isResumedAtItsRest() {
    byte[] large = new byte[80_000];
    new Random(1).nextBytes(large);
    CallSession whole = open(Source.PCM);
    whole.add(large.clone(), 1);
    time.advanceUntil(() -> log.entries().size() == 3);
    AudioAppend second = log.entries().get(1);
    assertThat(second.seq()).isZero();
    whole.abandon();

    log.holds(second.end(), second.seq(), second.partialBytes());
    CallSession resumed = openIn(registry, start(Source.PCM), true, events);
    resumed.add(large.clone(), 1);

    time.advanceUntil(() -> log.entries().size() == 4);
    AudioAppend rest = log.entries().getLast();
    assertThat(rest.expectedTail()).isEqualTo(second.end());
    assertThat(rest.pcm()).isEqualTo(log.entries().get(2).pcm());
    assertThat(rest.seq()).isEqualTo(1);
    assertThat(rest.partialBytes()).isZero();
  }

  @Test
  void exotelDuringAnOutage_keepsTheNewestAudioAndLeavesAHole() {
    CallSession call = open(Source.EXOTEL);
    call.add(frame(0), 0);
    log.away(true);
    for (int i = 1; i <= 1000; i++) {
      call.add(frame(i), 0);
    }
    log.away(false);
    call.end("stopped");

    time.advanceUntil(() -> events.all().contains("ended"));

    long dropped = (long) bytes("dropped");
    assertThat(dropped).isGreaterThan(200_000);
    assertThat(log.bytes()).hasSize(Math.toIntExact(1001 * 320 - dropped));
    assertThat(log.entries().getLast().end()).isEqualTo(1001 * 320);
    assertThat(log.ends()).containsExactly(1001 * 320 + " stopped");
    assertThat(log.entries().getLast().pcm()).endsWith(frame(1000));
    assertReceivedBytesAreAccountedFor();
  }

  @Test
  void exotelFasterThanTheLog_waitsForRoomAndLosesNothing() {
    CallSession call = open(Source.EXOTEL);
    log.hold();
    int sent = 0;
    boolean room = true;
    while (room) {
      room = call.add(frame(++sent), 0);
    }
    assertThat(sent * 320).isBetween(BUFFER, BUFFER + 320);
    assertThat(call.hasRoom()).isFalse();

    log.release();

    assertThat(events.all()).contains("room");
    assertThat(call.hasRoom()).isTrue();
    assertThat(log.bytes()).isEqualTo(frames(1, sent));
    assertThat(bytes("dropped")).isZero();
  }

  @Test
  void waitingExotelAndOutage_continuesAndDropsTheOldestAudio() {
    CallSession call = open(Source.EXOTEL);
    log.hold();
    for (int i = 1; i <= BUFFER / 320 + 1; i++) {
      call.add(frame(i), 0);
    }
    assertThat(call.hasRoom()).isFalse();

    log.away(true);

    assertThat(call.hasRoom()).isTrue();
    assertThat(call.add(frame(999), 0)).isTrue();
    assertThat(meters.get("verbatim.ingest.dropped").tag("reason", "bus_away").counter().count())
        .isPositive();
  }

  @Test
  void pcmDuringAnOutage_waitsForRoom() {
    CallSession call = open(Source.PCM);
    log.away(true);
    add(call, 1, 300);
    assertThat(call.hasRoom()).isFalse();

    log.away(false);

    time.advanceUntil(() -> events.all().contains("room"));
    assertThat(call.hasRoom()).isTrue();
    time.advanceUntil(() -> log.bytes().length == 300 * 320);
    assertThat(log.bytes()).isEqualTo(frames(1, 300));
  }

  @Test
  void secondEnd_isIgnored() {
    CallSession call = open(Source.EXOTEL);

    call.end("stopped");
    call.end("socket_lost");
    call.add(frame(1), 0);

    assertThat(log.ends()).containsExactly("0 stopped");
    assertThat(log.bytes()).isEmpty();
    assertThat(registry.size()).isZero();
    assertThat(bytes("dropped")).isEqualTo(320);
    assertReceivedBytesAreAccountedFor();
  }

  @Test
  void callWithoutOwner_isAnnouncedAgain() {
    open(Source.EXOTEL);
    assertThat(log.announcements()).isZero();

    log.owned(false);

    time.advanceUntil(() -> log.announcements() > 0);
  }

  @Test
  void fencedCall_isSupersededWithoutAnEnd() {
    CallSession call = open(Source.PCM);
    log.fence();

    add(call, 1, 1);

    assertThat(events.all()).containsExactly("opened c1 1", "superseded");
    assertThat(log.ends()).isEmpty();
    assertThat(registry.size()).isZero();
  }

  @Test
  void lostConnection_endsTheCallAfterTheResumeWindow() {
    CallSession call = open(Source.PCM);

    call.awaitResumption();

    time.advanceUntil(() -> log.ends().contains("0 socket_lost"));
  }

  @Test
  void furtherExotelStream_isASeparateCall() {
    log.take("c1");
    log.take("c1.2");

    open(Source.EXOTEL);

    assertThat(events.all()).containsExactly("opened c1.3 1");
  }

  @Test
  void pcmCallWithAUsedId_isRefused() {
    log.take("c1");

    open(Source.PCM);

    assertThat(events.all()).containsExactly("refused ENDED");
    assertThat(registry.size()).isZero();
  }

  @Test
  void callBeyondMaxCalls_isRejected() {
    open(Source.EXOTEL);
    openIn(registry, start(Source.EXOTEL).as(new CallId("c2")), false, new RecordedEvents());

    assertThat(registry.isFull()).isTrue();
    assertThat(registry.admit(start(Source.EXOTEL), false, events))
        .isEqualTo(new Rejected(Limit.CALLS));
  }

  @Test
  void callBeyondTheTenantsLimit_isRejectedAndOtherTenantsAreNot() {
    CallRegistry calls = new CallRegistry(3, 1, context(Duration.ofMillis(20)), () -> "writer");
    openIn(calls, start(Source.EXOTEL), false, events);

    CallStart second = start(Source.EXOTEL).as(new CallId("c2"));

    assertThat(calls.admit(second, false, new RecordedEvents()))
        .isEqualTo(new Rejected(Limit.CALLS_OF_THE_TENANT));
    assertThat(calls.full("another")).isEmpty();
  }

  @Test
  void resumption_replacesTheOlderSession() {
    CallSession first = open(Source.PCM);
    openIn(registry, start(Source.EXOTEL).as(new CallId("other")), false, new RecordedEvents());

    assertThat(registry.admit(start(Source.PCM), true, new RecordedEvents()))
        .isInstanceOf(Admitted.class);

    assertThat(first.isOver()).isTrue();
    assertThat(events.all()).contains("superseded");
    assertThat(registry.size()).isEqualTo(2);
  }

  @Test
  void resumptionAfterALostTail_storesItAgain() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    CallSession first = openIn(calls, start(Source.PCM), false, new RecordedEvents());
    add(first, 1, 10);
    log.loseTail(4);

    CallSession second = openIn(calls, start(Source.PCM), true, events);
    add(second, 11, 12);

    assertThat(events.all()).startsWith("opened c1 11");
    assertThat(log.bytes()).isEqualTo(frames(1, 12));
    assertThat(bytes("lost")).isEqualTo(4 * 320);
    assertReceivedBytesAreAccountedFor();
  }

  @Test
  void resumption_storesWhatTheOlderWriterHadNotStored() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    CallSession first = openIn(calls, start(Source.PCM), false, new RecordedEvents());
    log.hold();
    add(first, 1, 5);

    openIn(calls, start(Source.PCM), true, events);
    log.release();

    time.advanceUntil(() -> log.bytes().length == 5 * 320);
    assertThat(events.all()).startsWith("opened c1 6");
    assertThat(log.bytes()).isEqualTo(frames(1, 5));
    assertReceivedBytesAreAccountedFor();
  }

  @Test
  void resumption_storesTheRestOfAPartlyStoredFrame() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    byte[] large = new byte[80_000];
    new Random(1).nextBytes(large);
    CallSession first = openIn(calls, start(Source.PCM), false, new RecordedEvents());
    first.add(large.clone(), 1);
    AudioAppend begin = log.entries().getFirst();
    log.loseTail(2);
    log.holds(begin.end(), begin.seq(), begin.partialBytes());

    openIn(calls, start(Source.PCM), true, events);

    time.advanceUntil(() -> log.bytes().length == large.length);
    assertThat(events.all()).startsWith("opened c1 2");
    assertThat(log.bytes()).isEqualTo(large);
    assertReceivedBytesAreAccountedFor();
  }

  @Test
  void endOfAResumedCall_followsTheOlderWritersAudio() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    CallSession first = openIn(calls, start(Source.PCM), false, new RecordedEvents());
    add(first, 1, 10);
    log.loseTail(4);
    log.hold();
    openIn(calls, start(Source.PCM), true, events);

    calls.endAll("shutdown");
    log.release();

    time.advanceUntil(() -> log.ends().equals(List.of("3200 shutdown")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertReceivedBytesAreAccountedFor();
  }

  @Test
  void resumptionAbandonedBeforeItOpens_storesTheOlderWritersAudio() {
    CallSession first = open(Source.PCM);
    add(first, 1, 5);
    log.away(true);
    add(first, 6, 10);
    CallSession second = openIn(registry, start(Source.PCM), true, new RecordedEvents());
    assertThat(buffered()).isEqualTo(10 * 320);

    second.abandon();
    log.away(false);

    time.advanceUntil(() -> log.ends().equals(List.of("3200 socket_lost")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertReceivedBytesAreAccountedFor();
  }

  @Test
  void otherTenantsCallWithALostCallsId_receivesNoneOfItsAudio() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    CallSession first = openIn(calls, start(Source.PCM), false, events);
    add(first, 1, 10);
    log.wipe();

    openIn(calls, startOf("t2", Source.PCM), true, new RecordedEvents());

    assertThat(events.all()).endsWith("superseded");
    assertThat(log.bytes()).isEmpty();
  }

  private double bytes(String meter) {
    return meters.find("verbatim.ingest." + meter).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /// Checks the byte counters of calls without waiting audio.
  private void assertReceivedBytesAreAccountedFor() {
    assertThat(bytes("audio")).isEqualTo(bytes("stored") - bytes("lost") + bytes("dropped"));
  }

  private CallSession open(Source source) {
    return openIn(registry, start(source), false, events);
  }

  private static CallSession openIn(
      CallRegistry registry, CallStart start, boolean resume, CallListener listener) {
    CallSession session = ((Admitted) registry.admit(start, resume, listener)).session();
    session.open();
    return session;
  }

  private double buffered() {
    return meters.get("verbatim.ingest.buffered").gauge().value();
  }

  private static CallStart start(Source source) {
    return startOf("t1", source);
  }

  private static CallStart startOf(String tenant, Source source) {
    return new CallStart(
        new CallId("c1"),
        tenant,
        source,
        new AudioFormat(Encoding.PCM16, 8000, 1),
        null,
        null,
        null,
        Instant.EPOCH);
  }

  private static void add(CallSession call, int first, int last) {
    for (int seq = first; seq <= last; seq++) {
      call.add(frame(seq), seq);
    }
  }

  private static byte[] frame(int seq) {
    byte[] frame = new byte[320];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) (seq * 31 + i);
    }
    return frame;
  }

  private static byte[] frames(int first, int last) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int seq = first; seq <= last; seq++) {
      all.writeBytes(frame(seq));
    }
    return all.toByteArray();
  }
}
