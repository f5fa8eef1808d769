package io.verbatim.asr.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HandshakeLimitTest {
  private final HandshakeLimit limit = new HandshakeLimit(Duration.ofSeconds(5));

  @Test
  void missedHandshake_doublesLimitUpToBound() {
    assertThat(limit.current()).hasSeconds(5);
    limit.missed();
    assertThat(limit.current()).hasSeconds(10);
    limit.missed();
    assertThat(limit.current()).hasSeconds(20);
    limit.missed();
    limit.missed();
    assertThat(limit.current()).hasSeconds(40);
  }

  @Test
  void slowAnswer_keepsRequiredLimit() {
    limit.missed();
    limit.missed();

    limit.answered(Duration.ofSeconds(7));

    assertThat(limit.current()).hasSeconds(10);
  }

  @Test
  void fastAnswer_restoresFirstLimit() {
    limit.missed();
    limit.missed();

    limit.answered(Duration.ofSeconds(1));

    assertThat(limit.current()).hasSeconds(5);
  }
}
