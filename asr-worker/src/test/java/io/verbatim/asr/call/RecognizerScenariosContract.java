package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry.Ended;
import io.verbatim.testkit.deepgram.SessionPlan;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every behaviour of the recogniser has a defined outcome: words, gaps and end of the call,
/// statuses for its subscribers, and counters. Run over each bus.
abstract class RecognizerScenariosContract extends LiveCallFixture {
  private static final String MONO = "pcm16/8000/1";

  /// Deliveries without progress at which a call goes to the dead letters.
  private static final int MAX_DELIVERIES = 5;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// How long the status before an accepted handshake lasts at least, so that a subscriber reads
  /// it.
  private static final Duration MIN_STATUS_TIME = Duration.ofMillis(200);

  private static final SessionPlan REFUSAL = SessionPlan.rejecting(402, "ASR_PAYMENT_REQUIRED");

  private @Nullable CallSubscriber subscriber;

  /// Runs before the bus closes.
  @AfterEach
  void closeSubscriber() {
    if (subscriber != null) {
      subscriber.close();
    }
  }

  static List<Scenario> scenarios() {
    return Scenario.all().toList();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void scenario_hasExpectedOutcome(Scenario scenario) {
    scenario.behaviour().accept(standIn);
    standIn.faults().delayHandshakes(MIN_STATUS_TIME);
    NumberedCaller caller =
        dials().sends(scenario.inTwoParts() ? Scenario.FIRST_PART : Scenario.FRAMES);
    CallSubscriber subscriber = subscriber();
    TestWorker worker = startWorker(30);

    await().atMost(TIMEOUT).until(() -> !subscriber.statuses().isEmpty());
    standIn.listenAgain();
    if (scenario.inTwoParts()) {
      await().atMost(TIMEOUT).until(() -> subscriber.interim().equals(Scenario.numbers(50, 60)));
      caller.sends(Scenario.FRAMES - Scenario.FIRST_PART);
      await()
          .atMost(TIMEOUT)
          .until(() -> countersReached(scenario, worker, "verbatim.asr.watchdog"));
    }
    if (scenario.statusesFirst()) {
      awaitStatuses(scenario, subscriber);
    }
    caller.hangsUp();

    Ended ended = subscriber.awaitEnd();
    awaitStatuses(scenario, subscriber);
    assertThat(subscriber.words()).isEqualTo(scenario.words());
    assertThat(subscriber.gaps()).isEqualTo(scenario.gaps());
    assertThat(ended.complete()).as("complete").isEqualTo(scenario.complete());
    assertThat(ended.durationMs()).isEqualTo(Scenario.FRAMES * 20L);
    // A session is counted when its connection has closed, which may be after the call's end.
    await().until(() -> countersReached(scenario, worker, ""));
    assertThat(standIn.violations()).isEmpty();
    assertThat(worker.gauge("verbatim.asr.breaker.open")).isZero();
    assertLedgerMatchesCounters(worker);
  }

  private static void awaitStatuses(Scenario scenario, CallSubscriber subscriber) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(subscriber.statuses()).containsSubsequence(scenario.statuses()));
  }

  private static boolean countersReached(Scenario scenario, TestWorker worker, String counters) {
    return scenario.counters().entrySet().stream()
        .filter(counter -> counter.getKey().startsWith(counters))
        .allMatch(counter -> worker.tagged(counter.getKey()) >= counter.getValue());
  }

  private void assertLedgerMatchesCounters(TestWorker worker) {
    await()
        .untilAsserted(() -> {
          CallRecord call =
              NumberedCaller.now(bus().calls().find(subscriber().call())).orElseThrow();
          assertThat(call.pendingMs()).isZero();
          double transcribed = worker.count("verbatim.asr.audio.transcribed");
          double unconfirmed = worker.count("verbatim.asr.audio.unconfirmed");
          assertThat(Math.round((transcribed + unconfirmed) * 1000))
              .isEqualTo(call.transcribedMs());
          assertThat(Math.round(worker.count("verbatim.asr.gap") * 1000)).isEqualTo(call.gapMs());
          assertThat(unconfirmed > 0).isEqualTo(call.unconfirmed() > 0);
        });
  }

  // Words of an interim are kept for every reason a call ends.

  @Test
  void refusedToTheEnd_keepsLastInterimAsUnconfirmedAndReportsTheRestAsGap() {
    startWorker(30);
    NumberedCaller caller = sendsUntilInterim();
    refuseAllSessions();

    caller.sends(60).hangsUp();

    assertInterimIsKept("stop", GapReason.RECOGNIZER_UNAVAILABLE);
  }

  @Test
  void deadIngest_keepsLastInterimAsUnconfirmed() {
    startWorker(3);
    NumberedCaller caller = sendsUntilInterim();
    refuseAllSessions();

    caller.sends(60);

    assertInterimIsKept(WriterLivenessCheck.REASON, GapReason.RECOGNIZER_UNAVAILABLE);
  }

  @Test
  void interimOfPreviousOwner_isKeptByNext() {
    TestWorker leaving = startWorker(30);
    NumberedCaller caller = sendsUntilInterim();
    standIn.plan(_ -> REFUSAL);
    leaving.close();
    startWorker(30);
    await().until(() -> subscriber().statuses().getLast().startsWith("unavailable"));

    caller.sends(60).hangsUp();

    assertInterimIsKept("stop", GapReason.RECOGNIZER_UNAVAILABLE);
  }

  @Test
  void poisonCall_keepsLastInterimAsUnconfirmed() {
    NumberedCaller caller = dials().sends(Scenario.FRAMES);
    deliverWithoutProgress();
    TestWorker worker = startWorker(30);

    Ended ended = subscriber().awaitEnd();

    assertThat(caller.call()).isEqualTo(subscriber().call());
    assertThat(ended.reason()).isEqualTo(GapReason.POISON_CALL);
    assertThat(subscriber().words()).isEqualTo("interim words");
    assertThat(subscriber().gaps()).containsExactly("1200-2400 poison_call");
    assertThat(ended.complete()).isFalse();
    assertLedgerMatchesCounters(worker);
  }

  @Test
  void poisonCallWithOneChannelInterim_keepsItAndReportsBothChannelsAsGap() {
    dials("pcm16/8000/2").sends(Scenario.FRAMES);
    deliverWithoutProgress();
    startWorker(30);

    Ended ended = subscriber().awaitEnd();

    assertThat(ended.reason()).isEqualTo(GapReason.POISON_CALL);
    assertThat(subscriber().words()).isEqualTo("interim words");
    assertThat(subscriber().gaps())
        .as("the other channel was not transcribed")
        .containsExactly("0-2400 poison_call");
    assertThat(ended.complete()).isFalse();
  }

  /// Owners write an interim of the first channel and die, one less than [#MAX_DELIVERIES].
  private void deliverWithoutProgress() {
    Speech interim = interim();
    for (int i = 1; i < MAX_DELIVERIES; i++) {
      TemporaryOwner.dies(
          bus(),
          grant ->
              NumberedCaller.now(
                  bus().transcripts().setInterim(grant.call(), grant.owner(), interim)));
    }
  }

  /// One second of final words, and the beginning of the next second as an interim.
  private NumberedCaller sendsUntilInterim() {
    NumberedCaller caller = dials().sends(60);
    await().atMost(TIMEOUT).until(() -> subscriber().interim().equals(Scenario.numbers(50, 60)));
    return caller;
  }

  private void refuseAllSessions() {
    standIn.plan(_ -> REFUSAL);
    standIn.dropAll();
    await()
        .atMost(TIMEOUT)
        .until(() -> subscriber().statuses().getLast().startsWith("unavailable"));
  }

  private void assertInterimIsKept(String reason, String gapReason) {
    Ended ended = subscriber().awaitEnd();
    assertThat(ended.reason()).isEqualTo(reason);
    assertThat(subscriber().words()).isEqualTo(Scenario.numbers(0, 60));
    assertThat(subscriber().finals()).extracting(Speech::unconfirmed).containsExactly(false, true);
    assertThat(subscriber().gaps()).containsExactly("1200-2400 " + gapReason);
    assertThat(ended.complete()).isFalse();
  }

  private static Speech interim() {
    return new Speech(
        "0-0", 0, 1200, "interim words", 1, null, 0, null, List.of(), "nova-3", 0, 0, false);
  }

  private NumberedCaller dials() {
    return dials(MONO);
  }

  private NumberedCaller dials(String format) {
    NumberedCaller caller = dials("a", format);
    subscriber = new CallSubscriber(bus(), caller.call());
    return caller;
  }

  private TestWorker startWorker(int writerSilenceSeconds) {
    TestWorker started =
        new TestWorker(bus(), standIn, 10, 10, Duration.ofSeconds(writerSilenceSeconds));
    workers.add(started);
    return started;
  }

  CallSubscriber subscriber() {
    CallSubscriber current = subscriber;
    if (current == null) {
      throw new IllegalStateException("no call was dialled yet");
    }
    return current;
  }
}
