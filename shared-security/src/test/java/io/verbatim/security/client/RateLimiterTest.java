package io.verbatim.security.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("203.0.113.7");

  private final AtomicLong nanos = new AtomicLong();
  private final RateLimiter limiter = new RateLimiter(2, 3, nanos::get);

  @Test
  void burst_isFollowedByTheRate() {
    assertThat(acquire(ONE, 10)).isEqualTo(6);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(acquire(ONE, 10)).isEqualTo(2);

    nanos.addAndGet(Duration.ofMillis(499).toNanos());
    assertThat(acquire(ONE, 10)).isZero();
  }

  @Test
  void longQuietPeriod_allowsNoMoreThanTheBurst() {
    nanos.addAndGet(Duration.ofHours(1).toNanos());

    assertThat(acquire(ONE, 10)).isEqualTo(6);
  }

  @Test
  void rejectedRequests_takeNothingFromTheBucket() {
    acquire(ONE, 1_000);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(acquire(ONE, 10)).isEqualTo(2);
  }

  @Test
  void anotherAddress_hasItsOwnBucket() {
    acquire(ONE, 10);

    assertThat(acquire(InetAddress.ofLiteral("203.0.113.8"), 10)).isEqualTo(6);
  }

  @Test
  void addressesOfOneIpv6Network_shareABucket() {
    acquire(InetAddress.ofLiteral("2001:db8:1:2::1"), 10);

    assertThat(acquire(InetAddress.ofLiteral("2001:db8:1:2:ffff::9"), 10)).isZero();
    assertThat(acquire(InetAddress.ofLiteral("2001:db8:1:3::1"), 10)).isEqualTo(6);
  }

  @Test
  void manyAddresses_remembersOnlyTheLast10000() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      limiter.tryAcquire(InetAddress.getByAddress(bytes));
    }

    assertThat(limiter.size()).isEqualTo(10_000);
  }

  private int acquire(InetAddress address, int times) {
    int acquired = 0;
    for (int i = 0; i < times; i++) {
      acquired += limiter.tryAcquire(address) ? 1 : 0;
    }
    return acquired;
  }
}
