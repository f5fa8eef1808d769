package io.verbatim.asr.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class HandshakePaceTest {
  private static final long MILLISECOND = 1_000_000;
  private static final Duration SPACING = Duration.ofMillis(10);

  /// An arbitrary time of a monotonic clock, close to its overflow.
  private long now = Long.MAX_VALUE - 5;

  private final HandshakePace pace =
      new HandshakePace(
          SPACING,
          new Backoff(
              Duration.ofMillis(500),
              Duration.ofSeconds(10),
              RandomGeneratorFactory.of("L64X128MixRandom").create(7)),
          now);

  @Test
  void firstHandshake_beginsAtOnceAndNextAfterSpacing() {
    assertThat(pace.delay(now)).isZero();

    pace.begun(now);

    assertThat(pace.hasCapacity()).isTrue();
    assertThat(pace.delay(now)).isEqualTo(SPACING);
    assertThat(pace.delay(now + 10 * MILLISECOND)).isZero();
  }

  @Test
  void refusal_causesPauseThenOneHandshakeAtATime() {
    pace.begun(now);
    pace.refused(now, now + MILLISECOND);

    assertThat(pace.delay(now + MILLISECOND))
        .isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    pace.begun(now + 1000 * MILLISECOND);
    assertThat(pace.hasCapacity()).isFalse();

    pace.accepted();
    pace.begun(now);
    assertThat(pace.hasCapacity()).as("one more with each that succeeds").isTrue();
    pace.begun(now);
    assertThat(pace.hasCapacity()).isFalse();
    pace.ended();
    assertThat(pace.hasCapacity()).isTrue();
  }

  @Test
  void concurrentRefusals_countOnce() {
    pace.begun(now);
    pace.begun(now + 1);
    pace.refused(now, now + MILLISECOND);
    Duration pause = pace.delay(now + 2 * MILLISECOND);

    pace.refused(now + 1, now + 2 * MILLISECOND);

    assertThat(pace.delay(now + 2 * MILLISECOND)).isEqualTo(pause);
  }

  @Test
  void repeatedRefusals_lengthenPauseUntilAccepted() {
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 50; i++) {
      Duration pause = pauseAfterARefusal();
      assertThat(pause).isBetween(Duration.ofMillis(500), Duration.ofSeconds(10));
      longest = pause.compareTo(longest) > 0 ? pause : longest;
    }
    assertThat(longest).isGreaterThan(Duration.ofSeconds(8));

    pace.begun(now);
    pace.accepted();

    assertThat(pauseAfterARefusal()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  private Duration pauseAfterARefusal() {
    now += 20_000 * MILLISECOND;
    pace.begun(now);
    pace.refused(now, now);
    return pace.delay(now);
  }

  @Test
  void freedCapacity_endsPause() {
    pace.begun(now);
    pace.refused(now, now);

    pace.capacityFreed(now);

    assertThat(pace.delay(now)).isEqualTo(SPACING);
  }
}
