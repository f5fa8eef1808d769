package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.standin.SessionPlan;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry.Ended;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever mood the recogniser is in, the outcome is a defined one: words, gaps and end of the
/// call, what its watchers see, and what is counted. Run over each bus.
abstract class RecognizerMoodsContract extends LiveCallFixture {
  private static final String MONO = "pcm16/8000/1";

  /// Deliveries without progress at which a call goes to the dead letters.
  private static final int MAX_DELIVERIES = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final SessionPlan REFUSAL = SessionPlan.refusing(402, "ASR_PAYMENT_REQUIRED");

  private @Nullable CallWatch watch;

  /// Before what it watches.
  @AfterEach
  void closeWatch() {
    if (watch != null) {
      watch.close();
    }
  }

  static List<Mood> moods() {
    return Mood.all().toList();
  }

  @ParameterizedTest
  @MethodSource("moods")
  void mood_hasItsOutcome(Mood mood) {
    mood.behaviour().accept(standIn);
    NumberedCaller caller = dials().says(mood.inTwoParts() ? Mood.FIRST_PART : Mood.FRAMES);
    CallWatch watching = watch();
    TestWorker working = works(30);

    await().atMost(PATIENCE).until(() -> !watching.statuses().isEmpty());
    standIn.comeBack();
    if (mood.inTwoParts()) {
      await().atMost(PATIENCE).until(() -> watching.interim().equals(Mood.numbers(50, 60)));
      caller.says(Mood.FRAMES - Mood.FIRST_PART);
      await().atMost(PATIENCE).until(() -> haveMoved(mood, working, "verbatim.asr.watchdog"));
    }
    if (mood.statusesFirst()) {
      awaitStatuses(mood, watching);
    }
    caller.hangsUp();

    Ended ended = watching.awaitEnd();
    awaitStatuses(mood, watching);
    assertThat(watching.words()).isEqualTo(mood.words());
    assertThat(watching.gaps()).isEqualTo(mood.gaps());
    assertThat(ended.complete()).as("complete").isEqualTo(mood.complete());
    assertThat(ended.durationMs()).isEqualTo(Mood.FRAMES * 20L);
    mood.counters()
        .forEach((counter, least) ->
            assertThat(working.tagged(counter)).as(counter).isGreaterThanOrEqualTo(least));
    assertThat(standIn.complaints()).isEmpty();
    assertThat(working.gauge("verbatim.asr.breaker.open")).isZero();
    ledgerEqualsWhatWasCounted(working);
  }

  private static void awaitStatuses(Mood mood, CallWatch watching) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(watching.statuses()).containsSubsequence(mood.statuses()));
  }

  private static boolean haveMoved(Mood mood, TestWorker working, String counters) {
    return mood.counters().entrySet().stream()
        .filter(counter -> counter.getKey().startsWith(counters))
        .allMatch(counter -> working.tagged(counter.getKey()) >= counter.getValue());
  }

  private void ledgerEqualsWhatWasCounted(TestWorker working) {
    await()
        .untilAsserted(() -> {
          CallRecord call = NumberedCaller.now(bus().calls().find(watch().call())).orElseThrow();
          assertThat(call.pendingMs()).isZero();
          double transcribed = working.count("verbatim.asr.audio.transcribed");
          double unconfirmed = working.count("verbatim.asr.audio.unconfirmed");
          assertThat(Math.round((transcribed + unconfirmed) * 1000))
              .isEqualTo(call.transcribedMs());
          assertThat(Math.round(working.count("verbatim.asr.gap") * 1000)).isEqualTo(call.gapMs());
          assertThat(unconfirmed > 0).isEqualTo(call.unconfirmed() > 0);
        });
  }

  // Words shown as interim are kept, whatever ends the call.

  @Test
  void guessIsKept_andTheRestAGap_whereTheRecognizerRefusesToTheEnd() {
    works(30);
    NumberedCaller caller = guesses();
    refusesFromNowOn();

    caller.says(60).hangsUp();

    assertGuessIsKept("stop", GapReason.RECOGNIZER_UNAVAILABLE);
  }

  @Test
  void guessIsKept_whereIngestDies() {
    works(1);
    NumberedCaller caller = guesses();
    refusesFromNowOn();

    caller.says(60);

    assertGuessIsKept(WriterLivenessCheck.REASON, GapReason.RECOGNIZER_UNAVAILABLE);
  }

  @Test
  void guessOfTheOwnerBefore_isKeptByTheNext() {
    TestWorker leaving = works(30);
    NumberedCaller caller = guesses();
    standIn.plan(_ -> REFUSAL);
    leaving.close();
    works(30);
    await().until(() -> watch().statuses().getLast().startsWith("unavailable"));

    caller.says(60).hangsUp();

    assertGuessIsKept("stop", GapReason.RECOGNIZER_UNAVAILABLE);
  }

  @Test
  void guessIsKept_whereTheCallIsPoisonous() {
    NumberedCaller caller = dials().says(Mood.FRAMES);
    passInVain();
    TestWorker working = works(30);

    Ended ended = watch().awaitEnd();

    assertThat(caller.call()).isEqualTo(watch().call());
    assertThat(ended.reason()).isEqualTo(GapReason.POISONOUS);
    assertThat(watch().words()).isEqualTo("guessed words");
    assertThat(watch().gaps()).containsExactly("1200-2400 poisonous");
    assertThat(ended.complete()).isFalse();
    ledgerEqualsWhatWasCounted(working);
  }

  @Test
  void guessOfOneChannel_isKept_andTheAudioOfBothAGap_whereTheCallIsPoisonous() {
    dials("pcm16/8000/2").says(Mood.FRAMES);
    passInVain();
    works(30);

    Ended ended = watch().awaitEnd();

    assertThat(ended.reason()).isEqualTo(GapReason.POISONOUS);
    assertThat(watch().words()).isEqualTo("guessed words");
    assertThat(watch().gaps())
        .as("nobody heard the other channel")
        .containsExactly("0-2400 poisonous");
    assertThat(ended.complete()).isFalse();
  }

  /// As many owners as may be show a guess of the first channel, and die.
  private void passInVain() {
    Speech guess = guess();
    for (int i = 1; i < MAX_DELIVERIES; i++) {
      PassingOwner.dies(
          bus(),
          grant ->
              NumberedCaller.now(
                  bus().transcripts().setInterim(grant.call(), grant.owner(), guess)));
    }
  }

  /// A second of words that stand, and the beginning of the next as a guess.
  private NumberedCaller guesses() {
    NumberedCaller caller = dials().says(60);
    await().atMost(PATIENCE).until(() -> watch().interim().equals(Mood.numbers(50, 60)));
    return caller;
  }

  private void refusesFromNowOn() {
    standIn.plan(_ -> REFUSAL);
    standIn.dropAll();
    await().atMost(PATIENCE).until(() -> watch().statuses().getLast().startsWith("unavailable"));
  }

  private void assertGuessIsKept(String reason, String gapReason) {
    Ended ended = watch().awaitEnd();
    assertThat(ended.reason()).isEqualTo(reason);
    assertThat(watch().words()).isEqualTo(Mood.numbers(0, 60));
    assertThat(watch().finals()).extracting(Speech::unconfirmed).containsExactly(false, true);
    assertThat(watch().gaps()).containsExactly("1200-2400 " + gapReason);
    assertThat(ended.complete()).isFalse();
  }

  private static Speech guess() {
    return new Speech(
        "0-0", 0, 1200, "guessed words", 1, null, 0, null, List.of(), "nova-3", 0, 0, false);
  }

  private NumberedCaller dials() {
    return dials(MONO);
  }

  private NumberedCaller dials(String format) {
    NumberedCaller caller = dials("a", format);
    watch = new CallWatch(bus(), caller.call());
    return caller;
  }

  private TestWorker works(int writerSilenceSeconds) {
    TestWorker started =
        new TestWorker(bus(), standIn, 10, 10, Duration.ofSeconds(writerSilenceSeconds));
    workers.add(started);
    return started;
  }

  CallWatch watch() {
    CallWatch watching = watch;
    if (watching == null) {
      throw new IllegalStateException("no call yet");
    }
    return watching;
  }
}
