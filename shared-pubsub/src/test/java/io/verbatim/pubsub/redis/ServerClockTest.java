package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerClockTest {
  private static final long MILLI = 1_000_000;
  private static final long SERVER_MICROS = 1_700_000_000_000_000L;

  private final ServerClock clock = new ServerClock();

  @Test
  void noAnswer_isUnknown() {
    assertThat(clock.millis(0)).isEmpty();
  }

  @Test
  void answer_isOfTheMiddleOfTheRoundTrip() {
    clock.record(0, 10 * MILLI, SERVER_MICROS);

    assertThat(clock.millis(5 * MILLI)).hasValue(SERVER_MICROS / 1_000);
    assertThat(clock.millis(105 * MILLI)).hasValue(SERVER_MICROS / 1_000 + 100);
  }

  @Test
  void shortestRoundTrip_isUsed() {
    clock.record(0, 2 * MILLI, SERVER_MICROS);
    clock.record(1_000 * MILLI, 1_900 * MILLI, SERVER_MICROS + 1_001_000); // answered late

    assertThat(clock.millis(2_001 * MILLI)).hasValue(SERVER_MICROS / 1_000 + 2_000);
  }

  @Test
  void changedClock_isNoticedAfterEightAnswers() {
    clock.record(0, 2 * MILLI, SERVER_MICROS);
    for (long second = 1; second <= 8; second++) {
      long asked = second * 1_000 * MILLI;
      clock.record(asked, asked + 4 * MILLI, SERVER_MICROS + second * 1_000_000 + 60_000_000);
    }

    assertThat(clock.millis(8_002 * MILLI)).hasValue(SERVER_MICROS / 1_000 + 8_000 + 60_000);
  }

  @Test
  void reset_forgetsTheAnswers() {
    clock.record(0, 2 * MILLI, SERVER_MICROS);

    clock.reset();

    assertThat(clock.millis(0)).isEmpty();
  }
}
