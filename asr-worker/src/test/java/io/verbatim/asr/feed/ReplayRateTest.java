package io.verbatim.asr.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.service.TokenBucket;
import org.junit.jupiter.api.Test;

class ReplayRateTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int BYTES_PER_SECOND = 16_000;

  private final TokenBucket bucket = ReplayRate.newBucket(BYTES_PER_SECOND, 4, 0);

  @Test
  void backlog_isSentAtFourTimesRealTime() {
    long sent = 0;
    for (int millis = 0; millis <= 10_000; millis += 20) {
      long nanos = millis * 1_000_000L;
      long allowed = (long) bucket.available(nanos);
      bucket.take((double) allowed, nanos);
      sent += allowed;
    }

    assertThat(sent / BYTES_PER_SECOND)
        .as("four times as much, and the initial tokens")
        .isEqualTo(42L);
  }

  @Test
  void liveAudio_neverWaits() {
    for (int frame = 0; frame < 50_000; frame++) {
      long nanos = frame * SECOND / 50;
      assertThat(bucket.available(nanos)).isGreaterThanOrEqualTo(320);
      bucket.take(320, nanos);
    }
  }

  @Test
  void pause_causesNoBurst() {
    assertThat(bucket.available(3600 * SECOND)).isEqualTo(5 * BYTES_PER_SECOND);
  }
}
