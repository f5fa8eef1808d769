package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.standin.SessionPlan;
import io.verbatim.asr.standin.SessionPlan.AtTheEnd;
import io.verbatim.asr.standin.SessionPlan.Mishap;
import io.verbatim.pubsub.testkit.RedisServer;
import org.junit.jupiter.api.Test;

/// A recogniser that says it has finished, and has not processed all that it was sent.
class RecognizerEndIT extends RedisLiveCallFixture {
  RecognizerEndIT(RedisServer redis) {
    super(redis);
  }

  @Test
  void audioTheRecognizerDidNotProcess_isSentAgain() {
    standIn.script(SessionPlan.honest().ending(AtTheEnd.STOPS_SHORT));
    worker();
    NumberedCaller caller = dials("a", MONO).says(80);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1600, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 80));
    assertThat(finals(caller)).noneMatch(entry -> entry.speech().unconfirmed());
    assertThat(standIn.sessions()).hasSize(2);
    assertThat(standIn.sessions().get(1).frames(0)).isEqualTo(range(50, 80));
  }

  @Test
  void lastFinalThatCannotBeRead_isSentAgain() {
    standIn.script(SessionPlan.honest().after(55, new Mishap.GarbleFinal()));
    worker();
    NumberedCaller caller = dials("a", MONO).says(75);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1500, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 75));
    assertThat(finals(caller)).noneMatch(entry -> entry.speech().unconfirmed());
    assertThat(standIn.sessions()).hasSize(2);
  }

  @Test
  void threeSessionsThatStopShortBeforeAGap_leaveUnconfirmedWords_andTheCallContinues() {
    standIn.plan(session ->
        session < 3 ? SessionPlan.honest().ending(AtTheEnd.STOPS_SHORT) : SessionPlan.honest());
    worker();
    NumberedCaller caller = dials("a", MONO).says(60).loses(20).says(60);

    await().until(() -> words(caller, 0).equals(numbers(0, 60) + " " + numbers(80, 130)));
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2800, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60) + " " + numbers(80, 140));
    assertThat(finals(caller).get(1).speech().unconfirmed()).isTrue();
    assertThat(gaps(caller)).containsExactly("1200-1600 log_lost");
    assertThat(standIn.sessions()).hasSize(4);
  }

  @Test
  void threeSessionsThatStopShort_leaveUnconfirmedWords_andAGap() {
    standIn.plan(_ -> SessionPlan.honest().ending(AtTheEnd.STOPS_SHORT));
    worker();
    NumberedCaller caller = dials("a", MONO).says(75);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1500, false));
    assertThat(standIn.sessions()).hasSize(3);
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 70));
    assertThat(finals(caller).getLast().speech().unconfirmed()).isTrue();
    assertThat(gaps(caller)).containsExactly("1400-1500 recognizer_unavailable");
  }
}
