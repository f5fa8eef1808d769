package io.verbatim.security.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,      10.255.1.2,        true",
    "10.0.0.0/8,      11.0.0.1,          false",
    "203.0.113.7,     203.0.113.7,       true",
    "203.0.113.7,     203.0.113.8,       false",
    "203.0.113.4/30,  203.0.113.7,       true",
    "203.0.113.4/30,  203.0.113.8,       false",
    "0.0.0.0/0,       198.51.100.1,      true",
    "0.0.0.0/0,       2001:db8::1,       false",
    "2001:db8::/32,   2001:db8:1::1,     true",
    "2001:db8::/32,   2001:db9::1,       false",
    "10.0.0.0/8,      ::ffff:10.1.1.1,   true",
  })
  void range_containsItsAddresses(String range, String address, boolean contains) {
    assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address)))
        .isEqualTo(contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0.0/8", "", "10.0.0.0/x", "::1/129"})
  void invalidRange_isRejected(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    // peer,       forwarded for,                      caller
    "10.0.0.1,     '203.0.113.7',                      203.0.113.7",
    "10.0.0.1,     '1.1.1.1, 203.0.113.7',             203.0.113.7",
    "10.0.0.1,     '1.1.1.1, 203.0.113.7, 10.0.0.2',   203.0.113.7",
    "10.0.0.1,     '203.0.113.7:4711',                 203.0.113.7",
    "10.0.0.1,     '[2001:db8::1]:4711',               2001:db8::1",
    "10.0.0.1,     '2001:db8::1',                      2001:db8::1",
    "10.0.0.1,     '10.0.0.3, 10.0.0.2',               10.0.0.3",
    "198.51.100.1, '203.0.113.7',                      198.51.100.1",
  })
  void forwardedFor_firstUntrustedAddressFromTheRightIsTheCaller(
      String peer, String header, String caller) {
    TrustedProxies proxies = new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8")));

    assertThat(proxies.caller(InetAddress.ofLiteral(peer), _ -> List.of(header)))
        .contains(InetAddress.ofLiteral(caller));
    assertThat(
            proxies.caller(InetAddress.ofLiteral(peer), _ -> Arrays.asList(header.split(", ", -1))))
        .contains(InetAddress.ofLiteral(caller));
  }

  /// Render's chain: client, an edge server of Cloudflare, a proxy of Render in 10.0.0.0/8.
  @ParameterizedTest
  @CsvSource({
    // peer,       CF-Connecting-IP, forwarded for,                             caller
    "10.0.0.1,     203.0.113.7,      '203.0.113.7, 172.64.0.1, 10.1.1.1',        203.0.113.7",
    "10.0.0.1,     2001:db8::1,      '2001:db8::1, 172.64.0.1, 10.1.1.1',        2001:db8::1",
    "10.0.0.1,     203.0.113.7,      '1.1.1.1, 203.0.113.7, 172.64.0.1',         203.0.113.7",
    "10.0.0.1,     '',               '203.0.113.7, 172.64.0.1, 10.1.1.1',        172.64.0.1",
    "198.51.100.1, 203.0.113.7,      '203.0.113.7',                              198.51.100.1",
  })
  void clientIpHeader_namesTheCaller_ifAProxySendsIt(
      String peer, String named, String forwardedFor, String caller) {
    TrustedProxies proxies =
        new TrustedProxies(
            List.of(AddressRange.parse("10.0.0.0/8")), Optional.of("CF-Connecting-IP"));
    Map<String, List<String>> headers =
        Map.of(
            "CF-Connecting-IP",
            named.isEmpty() ? List.of() : List.of(named),
            "X-Forwarded-For",
            List.of(forwardedFor));

    assertThat(
            proxies.caller(
                InetAddress.ofLiteral(peer), name -> headers.getOrDefault(name, List.of())))
        .contains(InetAddress.ofLiteral(caller));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "", "203.0.113.7, nonsense"})
  void invalidForwardedAddress_hasNoCaller(String header) {
    TrustedProxies proxies = new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8")));

    assertThat(proxies.caller(InetAddress.ofLiteral("10.0.0.1"), _ -> List.of(header))).isEmpty();
  }
}
