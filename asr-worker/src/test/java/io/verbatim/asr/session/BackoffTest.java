package io.verbatim.asr.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          RandomGeneratorFactory.of("L64X128MixRandom").create(7));

  @Test
  void delays_growWithinBoundsAndDiffer() {
    Set<Duration> delays = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      Duration delay = backoff.next();
      assertThat(delay).isBetween(Duration.ofMillis(500), Duration.ofSeconds(10));
      delays.add(delay);
    }

    assertThat(delays).hasSizeGreaterThan(900);
    assertThat(delays).anyMatch(delay -> delay.compareTo(Duration.ofSeconds(8)) > 0);
  }

  @Test
  void success_resetsDelay() {
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }

    backoff.succeeded();

    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }
}
