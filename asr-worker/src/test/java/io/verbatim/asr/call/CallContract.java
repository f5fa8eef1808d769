package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.testkit.deepgram.NumberedAudio;
import io.verbatim.testkit.deepgram.NumberedFrame;
import io.verbatim.testkit.deepgram.RecordedSession;
import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Fault;
import io.verbatim.testkit.deepgram.SessionPlan.FinalDelivery;
import io.verbatim.testkit.deepgram.SessionPlan.FinishBehavior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every word of a call is transcribed once, for every fault of its recogniser. Run over each bus.
abstract class CallContract extends LiveCallFixture {
  private static final String MONO = "pcm16/8000/1";
  private static final String STEREO = "pcm16/8000/2";

  /// Deliveries without progress at which a call goes to the dead letters.
  private static final int MAX_DELIVERIES = 5;

  @Test
  void liveCall_isTranscribedAndEndsComplete() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", MONO).sends(30);

    await().until(() -> worker.count("verbatim.asr.interims") > 0);
    caller.sends(90);
    await().until(() -> finals(caller).size() >= 2);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
    assertThat(standIn.sessions()).hasSize(1);
    assertThat(standIn.violations()).isEmpty();
    assertThat(hasEnded(caller)).isTrue();
    await().until(() -> worker.gauge("verbatim.asr.calls.owned") == 0);
    assertThat(worker.gauge("verbatim.asr.sessions.open")).isZero();
  }

  @Test
  void finals_haveSegmentsAndTimesOfTheCall() {
    worker();
    NumberedCaller caller = dials("a", MONO).sends(100);
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
  void hangUp_waitsForLastFinal() {
    standIn.script(SessionPlan.regular().delivering(FinalDelivery.ON_REQUEST));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(37);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 740, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 37));
    assertThat(standIn.sessions().getFirst().texts()).containsExactly("Finalize", "CloseStream");
  }

  @Test
  void callWithoutAudio_opensNoSession() {
    worker();
    NumberedCaller caller = dials("a", MONO);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 0, true));
    assertThat(standIn.requests()).isZero();
  }

  @Test
  void twoChannels_areTranscribedSeparately() {
    worker();
    NumberedCaller caller = dials("a", STEREO).sends(110);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 110));
    assertThat(words(caller, 1)).isEqualTo(numbers(0, 110));
    assertThat(standIn.violations()).isEmpty();
  }

  static Stream<Fault> faults() {
    return Stream.of(
        new Fault.Drop(),
        new Fault.Close(1011, "NET-0000 no message in time"),
        new Fault.Close(1011, "NET-0001 no audio in time"),
        new Fault.Close(1000, ""),
        new Fault.Close(1008, "go away"),
        new Fault.StopAnswering(),
        new Fault.AnswerOnlyFinalize(),
        new Fault.SendInvalidMessages());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void recognizerFault_keepsEveryWordOnce(Fault fault) {
    standIn.script(
        SessionPlan.regular().after(70, fault),
        SessionPlan.regular().after(40, fault),
        SessionPlan.regular());
    worker();
    NumberedCaller caller = dials("a", MONO).sends(200);
    await().until(() -> finals(caller).size() >= 2);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 4000, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 200));
    assertThat(standIn.violations()).isEmpty();
  }

  @Test
  void lostConnection_replaysFromFirstUncoveredSample() {
    standIn.script(SessionPlan.regular().after(70, new Fault.Drop()), SessionPlan.regular());
    worker();
    NumberedCaller caller = dials("a", MONO).sends(60);
    await().until(() -> finals(caller).size() == 1);
    caller.sends(60);

    await().until(() -> standIn.sessions().size() == 2);
    await().until(() -> standIn.sessions().get(1).frames(0).size() == 70);
    assertThat(standIn.sessions().get(1).frames(0)).isEqualTo(range(50, 120));
    await().until(() -> state(caller) == RecognizerStatus.State.CONNECTED);
  }

  @ParameterizedTest
  @EnumSource(value = FinalDelivery.class, mode = EnumSource.Mode.EXCLUDE, names = "NEVER")
  void irregularFinals_keepEveryWordOnce(FinalDelivery finals) {
    standIn.plan(session -> SessionPlan.regular().delivering(finals));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(260);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 5200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 260));
  }

  @Test
  void sentAudio_isRecordedIncludingReplays() {
    standIn.script(SessionPlan.regular().after(70, new Fault.Drop()), SessionPlan.regular());
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", MONO).sends(70);
    await().until(() -> worker.count("verbatim.asr.sessions.closed") == 1);
    caller.sends(60).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2600, true));
    assertThat(standIn.sessions().stream().mapToInt(session -> session.frames(0).size()))
        .containsExactly(70, 80);
    assertThat(record(caller).sentBytes())
        .isEqualTo(standIn.sessions().stream().mapToLong(RecordedSession::audioBytes).sum());
  }

  @Test
  void audioSentByPreviousOwner_staysRecorded() {
    TestWorker leaving = worker();
    NumberedCaller caller = dials("a", MONO).sends(80);
    await().until(() -> finals(caller).size() == 1);
    long before = record(caller).sentBytes();
    assertThat(before).isGreaterThanOrEqualTo(record(caller).coveredBytes());

    leaving.handOver();
    worker();
    caller.sends(40).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(record(caller).sentBytes())
        .isEqualTo(before + standIn.sessions().getLast().audioBytes());
  }

  @Test
  void holeInLog_becomesGapBetweenTwoSessions() {
    worker();
    NumberedCaller caller = dials("a", MONO).sends(60).loses(20).sends(60);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2800, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60) + " " + numbers(80, 140));
    assertThat(gaps(caller)).containsExactly("1200-1600 log_lost");
    assertThat(standIn.sessions()).hasSize(2);
    assertThat(standIn.sessions()).allMatch(session -> session.texts().contains("CloseStream"));
    assertThat(standIn.violations()).isEmpty();
  }

  @Test
  void holeAtSessionStart_becomesGapWithReasonLogLost() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", MONO).sends(50);
    await().until(() -> finals(caller).size() == 1);
    standIn.dropAll();
    await().until(() -> worker.count("verbatim.asr.sessions.closed") == 1);

    caller.loses(20).sends(60).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2600, false));
    assertThat(gaps(caller)).containsExactly("1000-1400 log_lost");
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 50) + " " + numbers(70, 130));
  }

  @Test
  void audioDroppedAtEnd_becomesGap() {
    worker();
    NumberedCaller caller = dials("a", MONO).sends(60).loses(10);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1400, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60));
    assertThat(gaps(caller)).containsExactly("1200-1400 log_lost");
  }

  @Test
  void connectionDroppedAtEnd_isRetried() {
    standIn.script(
        SessionPlan.regular().finishing(FinishBehavior.DROP),
        SessionPlan.regular().finishing(FinishBehavior.NO_METADATA),
        SessionPlan.regular());
    worker();
    NumberedCaller caller = dials("a", MONO).sends(80);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1600, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 80));
  }

  @Test
  void threeSessionsDroppedAtEnd_leaveUnconfirmedWords() {
    standIn.plan(session -> SessionPlan.regular().finishing(FinishBehavior.DROP));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(80);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1600, false));
    assertThat(standIn.sessions()).hasSize(3);
    assertThat(finals(caller).getLast().speech().unconfirmed()).isTrue();
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 80));
    assertThat(entries(caller)).filteredOn(TranscriptEntry.Ended.class::isInstance).hasSize(1);
  }

  @Test
  void threeSessionsDroppedAtEnd_leaveGapForUntranscribedChannel() {
    standIn.plan(session -> SessionPlan.regular().finishing(FinishBehavior.DROP));
    worker();
    NumberedCaller caller = dials("a", STEREO).sends(50);
    await().until(() -> finals(caller).size() == 2);
    caller.sendsOnly(0, 30).hangsUp();

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
  void rejectedRequest_makesCallUnavailableAndLeavesGap() {
    standIn.plan(session -> SessionPlan.rejecting(400, "unsupported sample rate"));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(40);

    await().until(() -> state(caller) == RecognizerStatus.State.UNAVAILABLE);
    caller.sends(20).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1200, false));
    assertThat(gaps(caller)).containsExactly("0-1200 recognizer_unavailable");
    assertThat(standIn.requests()).isEqualTo(1);
  }

  @Test
  void rejectedAudio_isNotSentAgain() {
    standIn.plan(
        session -> SessionPlan.regular().after(20, new Fault.Close(1008, "DATA-0000 not audio")));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(40);
    await().until(() -> state(caller) == RecognizerStatus.State.UNAVAILABLE);
    caller.hangsUp();

    assertThat(endOf(caller).complete()).isFalse();
    assertThat(standIn.sessions()).hasSize(1);
  }

  @Test
  void refusedProcess_probesAndContinuesWhenAccepted() {
    standIn.plan(session -> SessionPlan.rejecting(402, "ASR_PAYMENT_REQUIRED"));
    TestWorker worker = worker();
    List<NumberedCaller> callers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      callers.add(dials("call-" + i, MONO).sends(60));
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
  void noFreeStream_waitsForOne() {
    standIn.script(
        SessionPlan.rejecting(429, "TOO_MANY_REQUESTS"),
        SessionPlan.rejecting(429, "TOO_MANY_REQUESTS"));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(60);
    caller.hangsUp();

    assertThat(endOf(caller).complete()).isTrue();
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60));
    assertThat(standIn.requests()).isEqualTo(3);
  }

  @Test
  void callsOverPermits_wait() {
    worker(10, 1);
    NumberedCaller first = dials("a", MONO).sends(60);
    NumberedCaller second = dials("b", MONO).sends(60);
    await().until(() -> finals(first).size() + finals(second).size() > 0);
    first.hangsUp();
    second.hangsUp();

    assertThat(endOf(first).complete()).isTrue();
    assertThat(endOf(second).complete()).isTrue();
    assertThat(standIn.sessions()).hasSize(2);
  }

  @Test
  void handOver_losesNothingAndDropsSocketWithoutMessage() {
    TestWorker leaving = worker();
    NumberedCaller caller = dials("a", MONO).sends(80);
    await().until(() -> finals(caller).size() == 1);

    leaving.handOver();
    worker();
    caller.sends(40);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
    RecordedSession first = standIn.sessions().getFirst();
    assertThat(first.texts()).isEmpty();
    await().untilAsserted(() -> assertThat(first.isOpen()).isFalse());
    assertThat(standIn.sessions().get(1).frames(0).getFirst()).isEqualTo(50);
  }

  @Test
  void channelCoveredFurther_isSilencedInReplay() {
    NumberedCaller caller = dials("a", STEREO).sends(100);
    int frame = NumberedAudio.of(caller.format().toString()).bytesPerFrame();
    TemporaryOwner.of(
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
    List<Integer> received = standIn.sessions().getFirst().frames(1);
    assertThat(received.subList(0, 60)).containsOnly(NumberedFrame.SILENCE);
    assertThat(received.subList(60, 100)).isEqualTo(range(60, 100));
    assertThat(standIn.violations()).isEmpty();
  }

  @Test
  void languageNotOffered_fallsBackWithNote() {
    worker();
    NumberedCaller caller = NumberedCaller.dials(bus(), "a", MONO, "tlh").sends(20);

    await().until(() -> state(caller) == RecognizerStatus.State.CONNECTED);
    assertThat(status(caller).reason()).isEqualTo("language 'tlh' is not offered, using en");
    assertThat(standIn.sessions().getFirst().query()).containsEntry("language", "en");
    caller.hangsUp();
    endOf(caller);
  }

  @Test
  void repeatedDeliveryWithoutProgress_isDeadLettered() {
    NumberedCaller caller = dials("a", MONO).sends(50);
    for (int i = 1; i < MAX_DELIVERIES; i++) {
      TemporaryOwner.dies(bus(), _ -> {});
    }
    worker();

    assertThat(endOf(caller)).isEqualTo(ended("poison_call", 1000, false));
    assertThat(NumberedCaller.now(bus().deadLetters().list()))
        .anyMatch(letter -> letter.entry().equals("a"));
    assertThat(standIn.requests()).isZero();
  }

  @Test
  void deadLetteredCall_isIncompleteAlthoughFullyTranscribed() {
    NumberedCaller caller = dials("a", MONO).sends(50);
    long end = 50L * NumberedAudio.of(caller.format().toString()).bytesPerFrame();
    TemporaryOwner.of(
        bus(),
        grant ->
            NumberedCaller.now(
                bus()
                    .transcripts()
                    .append(
                        grant.call(), grant.owner(), new Coverage(0, 0, end), speech(0, 1000))));
    caller.hangsUp();
    for (int i = 0; i < MAX_DELIVERIES; i++) {
      TemporaryOwner.dies(bus(), _ -> {});
    }
    worker();

    assertThat(endOf(caller)).isEqualTo(ended("poison_call", 1000, false));
    assertThat(words(caller, 0)).isEqualTo("before");
    assertThat(gaps(caller)).isEmpty();
    assertThat(record(caller).complete()).isFalse();
  }

  @Test
  void pausedAudio_isFinalized() {
    NumberedCaller caller = dials("a", MONO).sends(60);
    workers.add(TestWorker.settlingAfter(Duration.ofMillis(300), bus(), standIn));

    await().until(() -> words(caller, 0).equals(numbers(0, 60)));

    caller.sends(60).hangsUp();
    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
  }

  @Test
  void deadIngest_endsCall() {
    NumberedCaller caller = dials("a", MONO).sends(50);
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
