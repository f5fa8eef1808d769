package io.verbatim.asr.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.session.Watchdog.Action;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final long SECOND = 1_000_000_000L;

  private final Watchdog watchdog =
      new Watchdog(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10));

  @Test
  void noAudio_expectsNoAnswer() {
    assertThat(watchdog.check(1000 * SECOND)).isEqualTo(Action.WAIT);
  }

  @Test
  void silentRecognizer_isProbedOnceThenReconnected() {
    watchdog.audioSent(0);
    watchdog.audioSent(4 * SECOND);

    assertThat(watchdog.check(4 * SECOND)).isEqualTo(Action.WAIT);
    assertThat(watchdog.check(5 * SECOND)).isEqualTo(Action.PROBE);
    assertThat(watchdog.check(6 * SECOND)).isEqualTo(Action.WAIT);
    assertThat(watchdog.check(10 * SECOND)).isEqualTo(Action.RECONNECT);
  }

  @Test
  void pausedAudio_isSettledOncePerPause() {
    watchdog.audioSent(0);
    watchdog.answered();

    assertThat(watchdog.check(SECOND)).isEqualTo(Action.WAIT);
    assertThat(watchdog.check(2 * SECOND)).isEqualTo(Action.SETTLE);
    assertThat(watchdog.check(3 * SECOND)).isEqualTo(Action.WAIT);

    watchdog.audioSent(4 * SECOND);
    watchdog.answered();
    assertThat(watchdog.check(5 * SECOND)).isEqualTo(Action.WAIT);
    assertThat(watchdog.check(6 * SECOND)).isEqualTo(Action.SETTLE);
  }

  @Test
  void newSessionWithoutAudio_isNotSettled() {
    watchdog.audioSent(0);
    watchdog.sessionStarted();

    assertThat(watchdog.check(60 * SECOND)).isEqualTo(Action.WAIT);
  }

  @Test
  void answer_restartsWait() {
    watchdog.audioSent(0);
    watchdog.answered();
    assertThat(watchdog.check(2 * SECOND)).isEqualTo(Action.SETTLE);

    assertThat(watchdog.check(60 * SECOND)).isEqualTo(Action.WAIT);

    watchdog.audioSent(60 * SECOND);
    watchdog.audioSent(64 * SECOND);
    assertThat(watchdog.check(64 * SECOND)).isEqualTo(Action.WAIT);
    assertThat(watchdog.check(65 * SECOND)).isEqualTo(Action.PROBE);
  }

  @Test
  void unansweredSession_doublesLimitUntilAnswer() {
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
    while (watchdog.check(second * SECOND) != Action.RECONNECT) {
      second++;
    }
    return second;
  }
}
