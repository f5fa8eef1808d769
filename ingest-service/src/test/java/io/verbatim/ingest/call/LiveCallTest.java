package io.verbatim.ingest.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.ingest.call.CallEntry.Limit;
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
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a live call makes of everything that can happen to its log.
class LiveCallTest {
  private static final int BUFFER = 64 * 1024;
  private static final int UNREAD = 10_000;

  private final ScriptedAudioLog log = new ScriptedAudioLog();
  private final CallNews news = new CallNews();
  private final UnreadAudio unread = new UnreadAudio(UNREAD);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger tokens = new AtomicInteger();
  private volatile Instant now = Instant.EPOCH;
  private final CallRegistry registry = registryWith(Duration.ofMillis(20));

  private CallRegistry registryWith(Duration aliveInterval) {
    return new CallRegistry(2, 2, tools(aliveInterval), () -> "writer " + tokens.getAndIncrement());
  }

  private CallTools tools(Duration aliveInterval) {
    return new CallTools(
        log,
        unread,
        timer,
        () -> now,
        RandomGenerator.getDefault(),
        new IngestMetrics(meters),
        new CallSettings(BUFFER, aliveInterval, Duration.ofMillis(50), Duration.ofSeconds(30)));
  }

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  @Test
  void framesOfAQuietLine_goAtOnceOneByOne() {
    LiveCall call = open(Source.PCM);

    add(call, 1, 3);

    assertThat(log.entries()).extracting(AudioAppend::seq).containsExactly(1L, 2L, 3L);
    assertThat(news.all()).containsExactly("opened c1 1", "stored 1", "stored 2", "stored 3");
  }

  @Test
  void framesThatComeDuringAWrite_goTogether() {
    LiveCall call = open(Source.PCM);
    log.hold();
    add(call, 1, 50);

    log.release();

    assertThat(log.entries()).extracting(AudioAppend::seq).containsExactly(1L, 50L);
    assertThat(log.bytes()).isEqualTo(frames(1, 50));
  }

  @Test
  void entries_areAtMost32KiB() {
    LiveCall call = open(Source.PCM);
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
  void framesBeforeTheAnswerToOpen_areWrittenAfterIt() {
    log.hold();
    LiveCall call = open(Source.EXOTEL);
    call.add(frame(1), 0);
    call.end("stopped");
    assertThat(log.entries()).isEmpty();

    log.release();

    assertThat(log.bytes()).isEqualTo(frame(1));
    assertThat(log.ends()).containsExactly("320 stopped");
  }

  @Test
  void lostAnswers_writeNothingTwice() {
    LiveCall call = open(Source.PCM);
    log.loseAnswers(3);
    add(call, 1, 10);
    call.end("stop");

    await().until(() -> news.all().contains("ended"));

    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertThat(log.ends()).containsExactly("3200 stop");
  }

  @Test
  void logThatLosesItsEnd_getsItAgain() {
    LiveCall call = open(Source.PCM);
    add(call, 1, 10);
    log.loseTail(4);

    add(call, 11, 12);

    assertThat(log.bytes()).isEqualTo(frames(1, 12));
    assertThat(bytes("lost")).isEqualTo(4 * 320);
    assertThatAllIsAccountedFor();
  }

  @Test
  void logThatLosesItsEnd_getsItAgainBeforeTheEnd() {
    LiveCall call = open(Source.PCM);
    add(call, 1, 10);
    log.loseTail(4);

    call.end("stop");

    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertThat(log.ends()).containsExactly("3200 stop");
  }

  @Test
  void coveredAudio_isKeptForAFewSeconds() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    LiveCall call = ((CallEntry.In) calls.open(start(Source.PCM), false, news)).call();
    add(call, 1, 10);
    log.cover(10 * 320);
    add(call, 11, 11);
    now = now.plusMillis(2_999);
    add(call, 12, 12);
    assertThat(calls.bufferedBytes()).isEqualTo(12 * 320);

    now = now.plusMillis(1);
    add(call, 13, 13);

    assertThat(calls.bufferedBytes()).isEqualTo(3 * 320);
  }

  @Test
  void wordsTheLogHasLost_coverNothing() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    LiveCall call = ((CallEntry.In) calls.open(start(Source.PCM), false, news)).call();
    add(call, 1, 10);
    log.cover(10 * 320);
    add(call, 11, 11);

    log.loseTail(6);
    log.cover(5 * 320);
    add(call, 12, 12);
    now = now.plusSeconds(4);
    add(call, 13, 13);

    assertThat(log.bytes()).isEqualTo(frames(1, 13));
    assertThat(calls.bufferedBytes()).isEqualTo(8 * 320);
  }

  @Test
  void logThatForgotTheCall_getsNoWordsAgain_whereTheBeginningIsGone() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    LiveCall call = ((CallEntry.In) calls.open(start(Source.PCM), false, news)).call();
    add(call, 1, 5);
    log.cover(5 * 320);
    add(call, 6, 6);
    now = now.plusSeconds(4);
    add(call, 7, 10);
    log.cover(9 * 320);
    add(call, 11, 11);

    log.wipe();
    add(call, 12, 12);

    assertThat(log.bytes()).isEqualTo(frames(10, 12));
    assertThat(log.entries().getFirst().end()).isEqualTo(12 * 320);
  }

  @Test
  void logThatForgotAYoungCall_getsAllOfIt() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    LiveCall call = ((CallEntry.In) calls.open(start(Source.PCM), false, news)).call();
    add(call, 1, 5);
    log.cover(5 * 320);
    add(call, 6, 6);

    log.wipe();
    add(call, 7, 7);

    assertThat(log.bytes()).isEqualTo(frames(1, 7));
  }

  @Test
  void endThatIsLostAfterTheTranscriptHadEnded_isWrittenAgain() throws Exception {
    LiveCall call = open(Source.PCM);
    add(call, 1, 10);
    call.end("stop");
    await().until(() -> log.ends().equals(List.of("3200 stop")));
    log.endTranscriptOnce();

    log.loseTail(4);
    log.loseEnd();

    await().until(() -> log.ends().equals(List.of("3200 stop")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
  }

  @Test
  void keptAudio_staysWithinTheBudget() {
    LiveCall call = open(Source.PCM);

    add(call, 1, 1000);

    assertThat(registry.bufferedBytes()).isLessThanOrEqualTo(BUFFER);
  }

  @Test
  void wipedLog_isOpenedAgainAndGetsWhatIsKept() {
    LiveCall call = open(Source.PCM);
    add(call, 1, 10);
    log.wipe();

    add(call, 11, 11);

    await().until(() -> log.bytes().length == 11 * 320);
    assertThat(log.opens()).isEqualTo(2);
    assertThat(log.bytes()).isEqualTo(frames(1, 11));
  }

  @Test
  void wipedLog_isNoticedWithoutAudioToo() {
    LiveCall call = open(Source.PCM);
    add(call, 1, 10);

    log.wipe();

    await().until(() -> log.bytes().length == 10 * 320);
  }

  @Test
  void logWipedBehindTheEnd_getsWhatIsKeptAndTheEndAgain_andNobodyIsToldTwice() {
    LiveCall call = open(Source.PCM);
    add(call, 1, 10);
    call.end("stop");
    await().until(() -> log.ends().equals(List.of("3200 stop")));

    log.wipe();

    await().until(() -> log.ends().equals(List.of("3200 stop", "3200 stop")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertThat(news.all().stream().filter("ended"::equals)).hasSize(1);
    assertThat(registry.size()).isZero();
  }

  @Test
  void logThatLosesItsEndBehindTheCallsEnd_getsBothAgain() {
    LiveCall call = open(Source.PCM);
    add(call, 1, 10);
    call.end("stop");
    await().until(() -> log.ends().equals(List.of("3200 stop")));

    log.loseEnd();
    log.loseTail(4);

    await().until(() -> log.ends().equals(List.of("3200 stop")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
  }

  @Test
  void endedCall_keepsNothingOnceItsTranscriptHasEnded() {
    LiveCall call = open(Source.PCM);
    add(call, 1, 10);
    call.end("stop");
    await().until(() -> log.ends().equals(List.of("3200 stop")));
    assertThat(registry.bufferedBytes()).isEqualTo(3200);

    log.endTranscript();

    await().until(() -> registry.bufferedBytes() == 0);
  }

  @Test
  void endedCallsBeyondThePlacesOfLiveOnes_areForgotten() {
    CallRegistry unwatched = registryWith(Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      log.holds(0, 0, 0);
      LiveCall call = openIn(unwatched);
      add(call, 1, 10);
      call.end("stop");
    }
    assertThat(unwatched.bufferedBytes()).as("two calls at most").isEqualTo(2 * 3200);

    log.holds(0, 0, 0);
    LiveCall live = openIn(unwatched);

    assertThat(live.bufferedBytes()).isZero();
    assertThat(unwatched.bufferedBytes()).as("one place is a live call's").isEqualTo(3200);
  }

  @Test
  void logWithoutRoom_getsSomeFromTheCallItself_andNothingIsLostOnTheWay() {
    LiveCall call = open(Source.PCM);
    log.full(2);

    add(call, 1, 3);

    await().untilAsserted(() -> assertThat(log.bytes()).isEqualTo(frames(1, 3)));
    assertThat(log.sheds()).isEqualTo(2);
    assertThat(meters.get("verbatim.ingest.shed").counter().count()).isEqualTo(2_000);
  }

  @Test
  void unreadAudio_isBoundedForAllCallsTogether_butEachHasItsEqualPart() {
    LiveCall first = open(Source.PCM);
    add(first, 1, 50);
    assertThat(unread.bytes()).isEqualTo(UNREAD);
    UnreadAudio.Part second = unread.join();

    assertThat(second.most()).isEqualTo(UNREAD / 2);
    second.is(UNREAD / 2);
    add(first, 51, 51);
    assertThat(unread.bytes()).isEqualTo(UNREAD);
    assertThat(log.entries().getLast().mostUnreadBytes()).isEqualTo(UNREAD / 2);

    log.cover(51 * 320);
    add(first, 52, 52);
    assertThat(unread.bytes()).isEqualTo(UNREAD / 2 + 320);
    first.end("stop");
    log.endTranscript();
    await().until(() -> unread.bytes() == UNREAD / 2);
  }

  @Test
  void frameLargerThanAnEntry_isResumedWithinIt() {
    byte[] large = new byte[80_000];
    new Random(1).nextBytes(large);
    LiveCall whole = open(Source.PCM);
    whole.add(large.clone(), 1);
    await().until(() -> log.entries().size() == 3);
    AudioAppend second = log.entries().get(1);
    assertThat(second.seq()).isZero();
    whole.abandon();

    log.holds(second.end(), second.seq(), second.partialBytes());
    LiveCall resumed = ((CallEntry.In) registry.open(start(Source.PCM), true, news)).call();
    resumed.add(large.clone(), 1);

    await().until(() -> log.entries().size() == 4);
    AudioAppend rest = log.entries().getLast();
    assertThat(rest.expectedTail()).isEqualTo(second.end());
    assertThat(rest.pcm()).isEqualTo(log.entries().get(2).pcm());
    assertThat(rest.seq()).isEqualTo(1);
    assertThat(rest.partialBytes()).isZero();
  }

  @Test
  void exotelInAnOutage_keepsTheNewestAudioAndShowsTheHole() {
    LiveCall call = open(Source.EXOTEL);
    call.add(frame(0), 0);
    log.away(true);
    for (int i = 1; i <= 1000; i++) {
      call.add(frame(i), 0);
    }
    log.away(false);
    call.end("stopped");

    await().until(() -> news.all().contains("ended"));

    long dropped = (long) meters.get("verbatim.ingest.dropped").counter().count();
    assertThat(dropped).isGreaterThan(200_000);
    assertThat(log.bytes()).hasSize(Math.toIntExact(1001 * 320 - dropped));
    assertThat(log.entries().getLast().end()).isEqualTo(1001 * 320);
    assertThat(log.ends()).containsExactly(1001 * 320 + " stopped");
    assertThat(log.entries().getLast().pcm()).endsWith(frame(1000));
    assertThatAllIsAccountedFor();
  }

  @Test
  void pcmInAnOutage_waitsForRoom() {
    LiveCall call = open(Source.PCM);
    log.away(true);
    add(call, 1, 300);
    assertThat(call.room().toCompletableFuture()).isNotDone();

    log.away(false);

    await().until(() -> call.room().toCompletableFuture().isDone());
    await().until(() -> log.bytes().length == 300 * 320);
    assertThat(log.bytes()).isEqualTo(frames(1, 300));
  }

  @Test
  void end_isWrittenOnceByTheFirstReason() {
    LiveCall call = open(Source.EXOTEL);

    call.end("stopped");
    call.end("socket_lost");
    call.add(frame(1), 0);

    assertThat(log.ends()).containsExactly("0 stopped");
    assertThat(log.bytes()).isEmpty();
    assertThat(registry.size()).isZero();
    assertThat(bytes("dropped")).isEqualTo(320);
    assertThatAllIsAccountedFor();
  }

  @Test
  void callWithoutAnOwner_isAnnouncedAgain() {
    open(Source.EXOTEL);
    assertThat(log.announcements()).isZero();

    log.owned(false);

    await().until(() -> log.announcements() > 0);
  }

  @Test
  void fencedCall_isOverWithoutAnEnd() {
    LiveCall call = open(Source.PCM);
    log.fence();

    add(call, 1, 1);

    assertThat(news.all()).containsExactly("opened c1 1", "superseded");
    assertThat(log.ends()).isEmpty();
    assertThat(registry.size()).isZero();
  }

  @Test
  void lostLine_endsTheCallAfterTheWindow() {
    LiveCall call = open(Source.PCM);

    call.awaitResumption();

    await().until(() -> log.ends().contains("0 socket_lost"));
  }

  @Test
  void furtherExotelStreams_areCallsOfTheirOwn() {
    log.take("c1");
    log.take("c1.2");

    open(Source.EXOTEL);

    assertThat(news.all()).containsExactly("opened c1.3 1");
  }

  @Test
  void pcmCallWhoseIdIsUsed_isRefused() {
    log.take("c1");

    open(Source.PCM);

    assertThat(news.all()).containsExactly("refused ENDED");
    assertThat(registry.size()).isZero();
  }

  @Test
  void registry_takesSoManyCallsAndNoMore() {
    open(Source.EXOTEL);
    registry.open(start(Source.EXOTEL).as(new CallId("c2")), false, new CallNews());

    assertThat(registry.isFull()).isTrue();
    assertThat(registry.open(start(Source.EXOTEL), false, news))
        .isEqualTo(new CallEntry.Full(Limit.CALLS));
  }

  @Test
  void registry_takesSoManyCallsOfOneTenantAndOthersStill() {
    CallRegistry fair = new CallRegistry(3, 1, tools(Duration.ofMillis(20)), () -> "writer");
    fair.open(start(Source.EXOTEL), false, news);

    CallStart second = start(Source.EXOTEL).as(new CallId("c2"));

    assertThat(fair.open(second, false, new CallNews()))
        .isEqualTo(new CallEntry.Full(Limit.CALLS_OF_THE_TENANT));
    assertThat(fair.full("another")).isEmpty();
  }

  @Test
  void resumption_takesThePlaceOfTheCallItResumes() {
    LiveCall first = open(Source.PCM);
    registry.open(start(Source.EXOTEL).as(new CallId("other")), false, new CallNews());

    assertThat(registry.open(start(Source.PCM), true, new CallNews()))
        .isInstanceOf(CallEntry.In.class);

    assertThat(first.over().toCompletableFuture()).isDone();
    assertThat(news.all()).contains("superseded");
    assertThat(registry.size()).isEqualTo(2);
  }

  @Test
  void resumption_bringsWhatTheLogHasLostSinceItWasStored() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    LiveCall first = ((CallEntry.In) calls.open(start(Source.PCM), false, new CallNews())).call();
    add(first, 1, 10);
    log.loseTail(4);

    LiveCall second = ((CallEntry.In) calls.open(start(Source.PCM), true, news)).call();
    add(second, 11, 12);

    assertThat(news.all()).startsWith("opened c1 11");
    assertThat(log.bytes()).isEqualTo(frames(1, 12));
    assertThat(bytes("lost")).isEqualTo(4 * 320);
    assertThatAllIsAccountedFor();
  }

  @Test
  void resumption_bringsWhatTheOlderWriterCouldNotStore() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    LiveCall first = ((CallEntry.In) calls.open(start(Source.PCM), false, new CallNews())).call();
    log.hold();
    add(first, 1, 5);

    calls.open(start(Source.PCM), true, news);
    log.release();

    await().until(() -> log.bytes().length == 5 * 320);
    assertThat(news.all()).startsWith("opened c1 6");
    assertThat(log.bytes()).isEqualTo(frames(1, 5));
    assertThatAllIsAccountedFor();
  }

  @Test
  void resumption_bringsTheRestOfAFrameThatIsStoredInPart() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    byte[] large = new byte[80_000];
    new Random(1).nextBytes(large);
    LiveCall first = ((CallEntry.In) calls.open(start(Source.PCM), false, new CallNews())).call();
    first.add(large.clone(), 1);
    AudioAppend begin = log.entries().getFirst();
    log.loseTail(2);
    log.holds(begin.end(), begin.seq(), begin.partialBytes());

    calls.open(start(Source.PCM), true, news);

    await().until(() -> log.bytes().length == large.length);
    assertThat(news.all()).startsWith("opened c1 2");
    assertThat(log.bytes()).isEqualTo(large);
    assertThatAllIsAccountedFor();
  }

  @Test
  void endOfAResumedCall_comesBehindWhatTheOlderWriterHeld() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    LiveCall first = ((CallEntry.In) calls.open(start(Source.PCM), false, new CallNews())).call();
    add(first, 1, 10);
    log.loseTail(4);
    log.hold();
    calls.open(start(Source.PCM), true, news);

    calls.endAll("shutdown");
    log.release();

    await().until(() -> log.ends().equals(List.of("3200 shutdown")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertThatAllIsAccountedFor();
  }

  @Test
  void resumedCallWhoseSocketLeavesBeforeItOpens_keepsWhatTheOlderWriterHeld() {
    LiveCall first = open(Source.PCM);
    add(first, 1, 5);
    log.away(true);
    add(first, 6, 10);
    LiveCall second =
        ((CallEntry.In) registry.open(start(Source.PCM), true, new CallNews())).call();
    assertThat(registry.bufferedBytes()).isEqualTo(10 * 320);

    second.abandon();
    log.away(false);

    await().until(() -> log.ends().equals(List.of("3200 socket_lost")));
    assertThat(log.bytes()).isEqualTo(frames(1, 10));
    assertThatAllIsAccountedFor();
  }

  @Test
  void callOfAnother_thatTakesTheIdOfAForgottenOne_getsNoAudioOfIt() {
    CallRegistry calls = registryWith(Duration.ofHours(1));
    LiveCall first = ((CallEntry.In) calls.open(start(Source.PCM), false, news)).call();
    add(first, 1, 10);
    log.wipe();

    calls.open(startOf("t2", Source.PCM), true, new CallNews());

    assertThat(news.all()).endsWith("superseded");
    assertThat(log.bytes()).isEmpty();
  }

  private double bytes(String meter) {
    return meters.find("verbatim.ingest." + meter).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /// For calls of which nothing waits any more.
  private void assertThatAllIsAccountedFor() {
    assertThat(bytes("audio")).isEqualTo(bytes("stored") - bytes("lost") + bytes("dropped"));
  }

  private LiveCall open(Source source) {
    return ((CallEntry.In) registry.open(start(source), false, news)).call();
  }

  private LiveCall openIn(CallRegistry other) {
    return ((CallEntry.In) other.open(start(Source.PCM), false, news)).call();
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

  private static void add(LiveCall call, int first, int last) {
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
