package io.verbatim.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  /// Two tokens per second, at most ten, six at the start.
  private final TokenBucket bucket = new TokenBucket(2, 10, 6, 0);

  @Test
  void bucket_fillsAtItsRateUpToItsCapacity() {
    assertThat(bucket.available(0)).isEqualTo(6);
    assertThat(bucket.available(SECOND / 2)).isEqualTo(7);
    assertThat(bucket.available(SECOND)).isEqualTo(8);
    assertThat(bucket.available(3600 * SECOND)).isEqualTo(10);
  }

  @Test
  void overdrawnBucket_isNegativeUntilItHasFilledUp() {
    assertThat(bucket.take(8, 0)).isEqualTo(-2);
    assertThat(bucket.available(SECOND - 1)).isNegative();
    assertThat(bucket.available(SECOND + 1)).isNotNegative();
  }

  @Test
  void take_refillsTheBucketFirst() {
    assertThat(bucket.take(10, 2 * SECOND)).isZero();
    assertThat(bucket.take(1, 3 * SECOND)).isEqualTo(1);
  }
}
