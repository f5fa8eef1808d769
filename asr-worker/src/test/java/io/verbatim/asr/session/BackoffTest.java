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
  void waits_growButStayWithinTheirBounds_andDiffer() {
    Set<Duration> waits = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      Duration wait = backoff.next();
      assertThat(wait).isBetween(Duration.ofMillis(500), Duration.ofSeconds(10));
      waits.add(wait);
    }

    assertThat(waits).hasSizeGreaterThan(900);
    assertThat(waits).anyMatch(wait -> wait.compareTo(Duration.ofSeconds(8)) > 0);
  }

  @Test
  void success_makesTheNextWaitShortAgain() {
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }

    backoff.succeeded();

    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }
}
