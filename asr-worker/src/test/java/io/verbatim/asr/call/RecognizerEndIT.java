package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.testkit.deepgram.SessionPlan;
import io.verbatim.testkit.deepgram.SessionPlan.Fault;
import io.verbatim.testkit.deepgram.SessionPlan.FinishBehavior;
import io.verbatim.testkit.redis.RedisServer;
import org.junit.jupiter.api.Test;

/// A recogniser that finishes without having processed all audio it was sent.
class RecognizerEndIT extends RedisLiveCallFixture {
  RecognizerEndIT(RedisServer redis) {
    super(redis);
  }

  @Test
  void unprocessedAudio_isSentAgain() {
    standIn.script(SessionPlan.regular().finishing(FinishBehavior.SHORT_METADATA));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(80);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1600, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 80));
    assertThat(finals(caller)).noneMatch(entry -> entry.speech().unconfirmed());
    assertThat(standIn.sessions()).hasSize(2);
    assertThat(standIn.sessions().get(1).frames(0)).isEqualTo(range(50, 80));
  }

  @Test
  void unreadableLastFinal_isSentAgain() {
    standIn.script(SessionPlan.regular().after(55, new Fault.TruncateFinal()));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(75);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1500, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 75));
    assertThat(finals(caller)).noneMatch(entry -> entry.speech().unconfirmed());
    assertThat(standIn.sessions()).hasSize(2);
  }

  @Test
  void threeShortSessionsBeforeGap_leaveUnconfirmedWordsAndContinue() {
    standIn.plan(session ->
        session < 3
            ? SessionPlan.regular().finishing(FinishBehavior.SHORT_METADATA)
            : SessionPlan.regular());
    worker();
    NumberedCaller caller = dials("a", MONO).sends(60).loses(20).sends(60);

    await().until(() -> words(caller, 0).equals(numbers(0, 60) + " " + numbers(80, 130)));
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2800, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60) + " " + numbers(80, 140));
    assertThat(finals(caller).get(1).speech().unconfirmed()).isTrue();
    assertThat(gaps(caller)).containsExactly("1200-1600 log_lost");
    assertThat(standIn.sessions()).hasSize(4);
  }

  @Test
  void threeShortSessions_leaveUnconfirmedWordsAndGap() {
    standIn.plan(_ -> SessionPlan.regular().finishing(FinishBehavior.SHORT_METADATA));
    worker();
    NumberedCaller caller = dials("a", MONO).sends(75);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1500, false));
    assertThat(standIn.sessions()).hasSize(3);
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 70));
    assertThat(finals(caller).getLast().speech().unconfirmed()).isTrue();
    assertThat(gaps(caller)).containsExactly("1400-1500 recognizer_unavailable");
  }
}
