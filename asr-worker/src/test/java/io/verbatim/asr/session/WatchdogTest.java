package io.verbatim.asr.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.session.Watchdog.Advice;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final long SECOND = 1_000_000_000L;

  private final Watchdog watchdog =
      new Watchdog(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10));

  @Test
  void recogniserWithoutAudio_mayBeSilent() {
    assertThat(watchdog.check(1000 * SECOND)).isEqualTo(Advice.WAIT);
  }

  @Test
  void silentRecogniser_isAskedOnce_thenGivenUp() {
    watchdog.audioSent(0);
    watchdog.audioSent(4 * SECOND);

    assertThat(watchdog.check(4 * SECOND)).isEqualTo(Advice.WAIT);
    assertThat(watchdog.check(5 * SECOND)).isEqualTo(Advice.PROBE);
    assertThat(watchdog.check(6 * SECOND)).isEqualTo(Advice.WAIT);
    assertThat(watchdog.check(10 * SECOND)).isEqualTo(Advice.RECONNECT);
  }

  @Test
  void audioThatStops_isSettledOnce_untilMoreComes() {
    watchdog.audioSent(0);
    watchdog.answered();

    assertThat(watchdog.check(SECOND)).isEqualTo(Advice.WAIT);
    assertThat(watchdog.check(2 * SECOND)).isEqualTo(Advice.SETTLE);
    assertThat(watchdog.check(3 * SECOND)).isEqualTo(Advice.WAIT);

    watchdog.audioSent(4 * SECOND);
    watchdog.answered();
    assertThat(watchdog.check(5 * SECOND)).isEqualTo(Advice.WAIT);
    assertThat(watchdog.check(6 * SECOND)).isEqualTo(Advice.SETTLE);
  }

  @Test
  void sessionThatWasSentNothing_hasNothingToSettle() {
    watchdog.audioSent(0);
    watchdog.sessionStarted();

    assertThat(watchdog.check(60 * SECOND)).isEqualTo(Advice.WAIT);
  }

  @Test
  void answer_startsTheWaitAnew() {
    watchdog.audioSent(0);
    watchdog.answered();
    assertThat(watchdog.check(2 * SECOND)).isEqualTo(Advice.SETTLE);

    assertThat(watchdog.check(60 * SECOND)).isEqualTo(Advice.WAIT);

    watchdog.audioSent(60 * SECOND);
    watchdog.audioSent(64 * SECOND);
    assertThat(watchdog.check(64 * SECOND)).isEqualTo(Advice.WAIT);
    assertThat(watchdog.check(65 * SECOND)).isEqualTo(Advice.PROBE);
  }

  @Test
  void sessionThatDidNotHelpEither_isGivenTwiceTheTime_untilOneAnswers() {
    assertThat(secondsToReconnect()).isEqualTo(10);
    assertThat(secondsToReconnect()).isEqualTo(20);
    assertThat(secondsToReconnect()).isEqualTo(40);

    watchdog.answered();

    assertThat(secondsToReconnect()).isEqualTo(10);
  }

  private int secondsToReconnect() {
    watchdog.sessionStarted();
    watchdog.audioSent(0);
    int second = 0;
    while (watchdog.check(second * SECOND) != Advice.RECONNECT) {
      second++;
    }
    return second;
  }
}
