package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplayPaceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int BYTES_PER_SECOND = 16_000;

  private final ReplayPace pace = new ReplayPace(BYTES_PER_SECOND, 4, 0);

  @Test
  void backlog_goesFourTimesAsFastAsItWasSpoken() {
    long sent = 0;
    for (int millis = 0; millis <= 10_000; millis += 20) {
      long allowed = pace.allowed(millis * 1_000_000L);
      pace.sent((int) allowed);
      sent += allowed;
    }

    assertThat(sent / BYTES_PER_SECOND).as("four times as much, and the head start").isEqualTo(42L);
  }

  @Test
  void liveAudio_isNeverHeldBack() {
    for (int frame = 0; frame < 50_000; frame++) {
      assertThat(pace.allowed(frame * SECOND / 50)).isGreaterThanOrEqualTo(320);
      pace.sent(320);
    }
  }

  @Test
  void pause_isNotFollowedByAFlood() {
    assertThat(pace.allowed(3600 * SECOND)).isEqualTo(5 * BYTES_PER_SECOND);
  }
}
