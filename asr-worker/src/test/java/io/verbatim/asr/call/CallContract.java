package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.standin.HeardSession;
import io.verbatim.asr.standin.NumberedAudio;
import io.verbatim.asr.standin.SessionPlan;
import io.verbatim.asr.standin.SessionPlan.AtTheEnd;
import io.verbatim.asr.standin.SessionPlan.Finals;
import io.verbatim.asr.standin.SessionPlan.Mishap;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of a call, whatever its recogniser does: every word once. Run over each bus.
abstract class CallContract extends LiveCallFixture {
  private static final String MONO = "pcm16/8000/1";
  private static final String STEREO = "pcm16/8000/2";

  /// Deliveries without progress at which a call goes to the dead letters.
  private static final int MAX_DELIVERIES = 5;

  @Test
  void call_isSaidAsItGoes_andEndsComplete() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", MONO).says(30);

    await().until(() -> worker.count("verbatim.asr.interims") > 0);
    caller.says(90);
    await().until(() -> finals(caller).size() >= 2);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
    assertThat(standIn.sessions()).hasSize(1);
    assertThat(standIn.complaints()).isEmpty();
    assertThat(gone(caller)).isTrue();
    await().until(() -> worker.gauge("verbatim.asr.calls.owned") == 0);
    assertThat(worker.gauge("verbatim.asr.sessions.open")).isZero();
  }

  @Test
  void segments_andTimes_areTheCalls() {
    worker();
    NumberedCaller caller = dials("a", MONO).says(100);
    caller.hangsUp();
    endOf(caller);

    List<Speech> speeches = finals(caller).stream().map(TranscriptEntry.Final::speech).toList();
    assertThat(speeches).extracting(Speech::startMs).containsExactly(0L, 1000L);
    assertThat(speeches).extracting(Speech::endMs).containsExactly(1000L, 2000L);
    assertThat(speeches).extracting(Speech::segment).containsExactly("0-0", "0-16000");
    assertThat(speeches).allMatch(speech -> speech.recognizer().equals("nova-3"));
    assertThat(speeches).allMatch(speech -> speech.latencyMs() < 5000 && !speech.unconfirmed());
  }

  @Test
  void hangUp_waitsForTheLastWords() {
    standIn.script(SessionPlan.honest().telling(Finals.WITHHELD));
    worker();
    NumberedCaller caller = dials("a", MONO).says(37);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 740, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 37));
    assertThat(standIn.sessions().getFirst().texts()).containsExactly("Finalize", "CloseStream");
  }

  @Test
  void callWithoutAudio_needsNoRecognizer() {
    worker();
    NumberedCaller caller = dials("a", MONO);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 0, true));
    assertThat(standIn.requests()).isZero();
  }

  @Test
  void twoChannels_areHeardApart() {
    worker();
    NumberedCaller caller = dials("a", STEREO).says(110);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 110));
    assertThat(words(caller, 1)).isEqualTo(numbers(0, 110));
    assertThat(standIn.complaints()).isEmpty();
  }

  static Stream<Mishap> mishaps() {
    return Stream.of(
        new Mishap.Drop(),
        new Mishap.Close(1011, "NET-0000 no message in time"),
        new Mishap.Close(1011, "NET-0001 no audio in time"),
        new Mishap.Close(1000, ""),
        new Mishap.Close(1008, "go away"),
        new Mishap.FallSilent(),
        new Mishap.WaitForFinalize(),
        new Mishap.TalkNonsense());
  }

  @ParameterizedTest
  @MethodSource("mishaps")
  void whateverTheRecognizerDoes_everyWordIsThereOnce(Mishap mishap) {
    standIn.script(
        SessionPlan.honest().after(70, mishap),
        SessionPlan.honest().after(40, mishap),
        SessionPlan.honest());
    worker();
    NumberedCaller caller = dials("a", MONO).says(200);
    await().until(() -> finals(caller).size() >= 2);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 4000, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 200));
    assertThat(standIn.complaints()).isEmpty();
  }

  @Test
  void lostConnection_isReplayedFromTheFirstSampleNoFinalCovers() {
    standIn.script(SessionPlan.honest().after(70, new Mishap.Drop()), SessionPlan.honest());
    worker();
    NumberedCaller caller = dials("a", MONO).says(60);
    await().until(() -> finals(caller).size() == 1);
    caller.says(60);

    await().until(() -> standIn.sessions().size() == 2);
    await().until(() -> standIn.sessions().get(1).frames(0).size() == 70);
    assertThat(standIn.sessions().get(1).frames(0)).isEqualTo(range(50, 120));
    await().until(() -> state(caller) == RecognizerStatus.State.CONNECTED);
  }

  @ParameterizedTest
  @EnumSource(value = Finals.class, mode = EnumSource.Mode.EXCLUDE, names = "NEVER")
  void howeverFinalsAreTold_everyWordIsThereOnce(Finals finals) {
    standIn.plan(session -> SessionPlan.honest().telling(finals));
    worker();
    NumberedCaller caller = dials("a", MONO).says(260);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 5200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 260));
  }

  @Test
  void audioSentToTheRecognizer_isOnTheRecord_replaysIncluded() {
    standIn.script(SessionPlan.honest().after(70, new Mishap.Drop()), SessionPlan.honest());
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", MONO).says(70);
    await().until(() -> worker.count("verbatim.asr.sessions.closed") == 1);
    caller.says(60).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2600, true));
    assertThat(standIn.sessions().stream().mapToInt(session -> session.frames(0).size()))
        .containsExactly(70, 80);
    assertThat(record(caller).sentBytes())
        .isEqualTo(standIn.sessions().stream().mapToLong(HeardSession::audioBytes).sum());
  }

  @Test
  void audioSentByTheOwnerBefore_staysOnTheRecord() {
    TestWorker leaving = worker();
    NumberedCaller caller = dials("a", MONO).says(80);
    await().until(() -> finals(caller).size() == 1);
    long before = record(caller).sentBytes();
    assertThat(before).isGreaterThanOrEqualTo(record(caller).coveredBytes());

    leaving.handOver();
    worker();
    caller.says(40).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(record(caller).sentBytes())
        .isEqualTo(before + standIn.sessions().getLast().audioBytes());
  }

  @Test
  void holeInTheLog_isAGap_betweenTwoSessions() {
    worker();
    NumberedCaller caller = dials("a", MONO).says(60).loses(20).says(60);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2800, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60) + " " + numbers(80, 140));
    assertThat(gaps(caller)).containsExactly("1200-1600 log_lost");
    assertThat(standIn.sessions()).hasSize(2);
    assertThat(standIn.sessions()).allMatch(session -> session.texts().contains("CloseStream"));
    assertThat(standIn.complaints()).isEmpty();
  }

  @Test
  void holeBehindTheLastWords_isAudioThatGotLost_alsoWhereANewSessionBeginsThere() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", MONO).says(50);
    await().until(() -> finals(caller).size() == 1);
    standIn.dropAll();
    await().until(() -> worker.count("verbatim.asr.sessions.closed") == 1);

    caller.loses(20).says(60).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2600, false));
    assertThat(gaps(caller)).containsExactly("1000-1400 log_lost");
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 50) + " " + numbers(70, 130));
  }

  @Test
  void audioDroppedAtTheEnd_isAGap() {
    worker();
    NumberedCaller caller = dials("a", MONO).says(60).loses(10);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1400, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60));
    assertThat(gaps(caller)).containsExactly("1200-1400 log_lost");
  }

  @Test
  void recognizerThatDiesAtTheEnd_isAskedAgain() {
    standIn.script(
        SessionPlan.honest().ending(AtTheEnd.DIES),
        SessionPlan.honest().ending(AtTheEnd.NO_METADATA),
        SessionPlan.honest());
    worker();
    NumberedCaller caller = dials("a", MONO).says(80);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1600, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 80));
  }

  @Test
  void threeSessionsThatDieAtTheEnd_leaveUnconfirmedWords() {
    standIn.plan(session -> SessionPlan.honest().ending(AtTheEnd.DIES));
    worker();
    NumberedCaller caller = dials("a", MONO).says(80);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1600, false));
    assertThat(standIn.sessions()).hasSize(3);
    assertThat(finals(caller).getLast().speech().unconfirmed()).isTrue();
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 80));
    assertThat(entries(caller)).filteredOn(TranscriptEntry.Ended.class::isInstance).hasSize(1);
  }

  @Test
  void threeSessionsThatDieAtTheEnd_leaveAGap_whereOneChannelWasNotHeard() {
    standIn.plan(session -> SessionPlan.honest().ending(AtTheEnd.DIES));
    worker();
    NumberedCaller caller = dials("a", STEREO).says(50);
    await().until(() -> finals(caller).size() == 2);
    caller.saysAlone(0, 30).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1600, false));
    assertThat(standIn.sessions()).hasSize(3);
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 80));
    assertThat(words(caller, 1)).isEqualTo(numbers(0, 50));
    assertThat(finals(caller))
        .extracting(entry -> entry.speech().unconfirmed())
        .containsExactly(false, false, true);
    assertThat(gaps(caller)).containsExactly("1000-1600 recognizer_unavailable");
    CallRecord ledger = record(caller);
    assertThat(ledger.transcribedMs()).isEqualTo(1000);
    assertThat(ledger.gapMs()).isEqualTo(600);
    assertThat(ledger.pendingMs()).isZero();
    assertThat(ledger.unconfirmed()).isEqualTo(1);
  }

  @Test
  void callNobodyCanHear_isUnavailable_andEndsAsAGap() {
    standIn.plan(session -> SessionPlan.refusing(400, "unsupported sample rate"));
    worker();
    NumberedCaller caller = dials("a", MONO).says(40);

    await().until(() -> state(caller) == RecognizerStatus.State.UNAVAILABLE);
    caller.says(20).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1200, false));
    assertThat(gaps(caller)).containsExactly("0-1200 recognizer_unavailable");
    assertThat(standIn.requests()).isEqualTo(1);
  }

  @Test
  void audioThatIsNone_isNotSentAgain() {
    standIn.plan(
        session -> SessionPlan.honest().after(20, new Mishap.Close(1008, "DATA-0000 not audio")));
    worker();
    NumberedCaller caller = dials("a", MONO).says(40);
    await().until(() -> state(caller) == RecognizerStatus.State.UNAVAILABLE);
    caller.hangsUp();

    assertThat(endOf(caller).complete()).isFalse();
    assertThat(standIn.sessions()).hasSize(1);
  }

  @Test
  void refusedProcess_triesSeldom_andGoesOnWhenItMay() {
    standIn.plan(session -> SessionPlan.refusing(402, "ASR_PAYMENT_REQUIRED"));
    TestWorker worker = worker();
    List<NumberedCaller> callers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      callers.add(dials("call-" + i, MONO).says(60));
    }
    await().until(() -> worker.gauge("verbatim.asr.breaker.open") == 1);
    callers.forEach(
        caller -> await().until(() -> state(caller) == RecognizerStatus.State.UNAVAILABLE));
    int before = standIn.requests();
    await().until(() -> standIn.requests() == before + 2);

    standIn.script();
    callers.forEach(NumberedCaller::hangsUp);

    for (NumberedCaller caller : callers) {
      assertThat(endOf(caller).complete()).isTrue();
      assertThat(words(caller, 0)).isEqualTo(numbers(0, 60));
    }
    assertThat(worker.gauge("verbatim.asr.breaker.open")).isZero();
  }

  @Test
  void noFreeStream_isWaitedFor() {
    standIn.script(
        SessionPlan.refusing(429, "TOO_MANY_REQUESTS"),
        SessionPlan.refusing(429, "TOO_MANY_REQUESTS"));
    worker();
    NumberedCaller caller = dials("a", MONO).says(60);
    caller.hangsUp();

    assertThat(endOf(caller).complete()).isTrue();
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60));
    assertThat(standIn.requests()).isEqualTo(3);
  }

  @Test
  void callsBeyondThePermits_waitTheirTurn() {
    worker(10, 1);
    NumberedCaller first = dials("a", MONO).says(60);
    NumberedCaller second = dials("b", MONO).says(60);
    await().until(() -> finals(first).size() + finals(second).size() > 0);
    first.hangsUp();
    second.hangsUp();

    assertThat(endOf(first).complete()).isTrue();
    assertThat(endOf(second).complete()).isTrue();
    assertThat(standIn.sessions()).hasSize(2);
  }

  @Test
  void handOver_losesNothing_andDropsTheSocketWithoutAWord() {
    TestWorker leaving = worker();
    NumberedCaller caller = dials("a", MONO).says(80);
    await().until(() -> finals(caller).size() == 1);

    leaving.handOver();
    worker();
    caller.says(40);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
    HeardSession first = standIn.sessions().getFirst();
    assertThat(first.texts()).isEmpty();
    await().untilAsserted(() -> assertThat(first.isOpen()).isFalse());
    assertThat(standIn.sessions().get(1).frames(0).getFirst()).isEqualTo(50);
  }

  @Test
  void channelWhoseWordsStandFurther_isSilentInTheReplay() {
    NumberedCaller caller = dials("a", STEREO).says(100);
    int frame = new NumberedAudio(caller.format()).bytesPerFrame();
    PassingOwner.of(
        bus(),
        grant ->
            NumberedCaller.now(
                bus()
                    .transcripts()
                    .append(
                        grant.call(),
                        grant.owner(),
                        new Coverage(1, 0, 60L * frame),
                        speech(1, 1200))));
    worker();
    caller.hangsUp();

    assertThat(endOf(caller).complete()).isTrue();
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 100));
    assertThat(words(caller, 1)).isEqualTo("before " + numbers(60, 100));
    List<Integer> heard = standIn.sessions().getFirst().frames(1);
    assertThat(heard.subList(0, 60)).containsOnly(NumberedAudio.SILENCE);
    assertThat(heard.subList(60, 100)).isEqualTo(range(60, 100));
    assertThat(standIn.complaints()).isEmpty();
  }

  @Test
  void languageNobodyOffers_fallsBack_andSaysSo() {
    worker();
    NumberedCaller caller = NumberedCaller.dials(bus(), "a", MONO, "tlh").says(20);

    await().until(() -> state(caller) == RecognizerStatus.State.CONNECTED);
    assertThat(status(caller).reason()).isEqualTo("language 'tlh' is not offered, hearing en");
    assertThat(standIn.sessions().getFirst().query()).containsEntry("language", "en");
    caller.hangsUp();
    endOf(caller);
  }

  @Test
  void callTakenAgainAndAgainInVain_isLaidAside() {
    NumberedCaller caller = dials("a", MONO).says(50);
    for (int i = 1; i < MAX_DELIVERIES; i++) {
      PassingOwner.dies(bus(), _ -> {});
    }
    worker();

    assertThat(endOf(caller)).isEqualTo(ended("poisonous", 1000, false));
    assertThat(NumberedCaller.now(bus().deadLetters().list()))
        .anyMatch(letter -> letter.entry().equals("a"));
    assertThat(standIn.requests()).isZero();
  }

  @Test
  void callLaidAside_isNotComplete_thoughAllOfItWasHeard() {
    NumberedCaller caller = dials("a", MONO).says(50);
    long end = 50L * new NumberedAudio(caller.format()).bytesPerFrame();
    PassingOwner.of(
        bus(),
        grant ->
            NumberedCaller.now(
                bus()
                    .transcripts()
                    .append(
                        grant.call(), grant.owner(), new Coverage(0, 0, end), speech(0, 1000))));
    caller.hangsUp();
    for (int i = 0; i < MAX_DELIVERIES; i++) {
      PassingOwner.dies(bus(), _ -> {});
    }
    worker();

    assertThat(endOf(caller)).isEqualTo(ended("poisonous", 1000, false));
    assertThat(words(caller, 0)).isEqualTo("before");
    assertThat(gaps(caller)).isEmpty();
    assertThat(record(caller).complete()).isFalse();
  }

  @Test
  void audioThatStops_isSaidForGood() {
    NumberedCaller caller = dials("a", MONO).says(60);
    workers.add(TestWorker.settlingAfter(Duration.ofMillis(300), bus(), standIn));

    await().until(() -> words(caller, 0).equals(numbers(0, 60)));

    caller.says(60).hangsUp();
    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
  }

  @Test
  void callWhoseIngestDied_isEndedForIt() {
    NumberedCaller caller = dials("a", MONO).says(50);
    workers.add(new TestWorker(bus(), standIn, 1, 1, Duration.ofMillis(300)));

    assertThat(endOf(caller)).isEqualTo(ended("ingest_lost", 1000, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 50));
  }

  private static Speech speech(int channel, long endMs) {
    return new Speech(
        channel + "-0",
        0,
        endMs,
        "before",
        1,
        null,
        channel,
        null,
        List.of(),
        "nova-3",
        0,
        0,
        false);
  }
}
