package io.verbatim.tokens.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AddressAllowanceTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("203.0.113.7");

  private final AtomicLong nanos = new AtomicLong();
  private final AddressAllowance allowance = new AddressAllowance(2, 3, nanos::get);

  @Test
  void burst_isFollowedByTheRate() {
    assertThat(takes(ONE, 10)).isEqualTo(6);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(takes(ONE, 10)).isEqualTo(2);

    nanos.addAndGet(Duration.ofMillis(499).toNanos());
    assertThat(takes(ONE, 10)).isZero();
  }

  @Test
  void whatIsNotUsed_addsUpToTheBurstOnly() {
    nanos.addAndGet(Duration.ofHours(1).toNanos());

    assertThat(takes(ONE, 10)).isEqualTo(6);
  }

  @Test
  void refusedTimes_costNothing() {
    takes(ONE, 1_000);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(takes(ONE, 10)).isEqualTo(2);
  }

  @Test
  void anotherAddress_hasItsOwn() {
    takes(ONE, 10);

    assertThat(takes(InetAddress.ofLiteral("203.0.113.8"), 10)).isEqualTo(6);
  }

  @Test
  void addressesOfOneIpv6Network_shareTheirs() {
    takes(InetAddress.ofLiteral("2001:db8:1:2::1"), 10);

    assertThat(takes(InetAddress.ofLiteral("2001:db8:1:2:ffff::9"), 10)).isZero();
    assertThat(takes(InetAddress.ofLiteral("2001:db8:1:3::1"), 10)).isEqualTo(6);
  }

  @Test
  void addresses_areRememberedOnlySoMany() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      allowance.take(InetAddress.getByAddress(bytes));
    }

    assertThat(allowance.size()).isEqualTo(10_000);
  }

  private int takes(InetAddress address, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += allowance.take(address) ? 1 : 0;
    }
    return taken;
  }
}
