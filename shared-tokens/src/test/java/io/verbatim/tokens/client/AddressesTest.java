package io.verbatim.tokens.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
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
  void range_holdsItsAddresses(String range, String address, boolean holds) {
    assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address))).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0.0/8", "", "10.0.0.0/x", "::1/129"})
  void rangeThatIsNone_isRefused(String text) {
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
  void caller_isTheFirstAddressNoTrustedProxyHas(String peer, String header, String caller) {
    TrustedProxies proxies = new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8")));

    assertThat(proxies.caller(InetAddress.ofLiteral(peer), List.of(header)))
        .contains(InetAddress.ofLiteral(caller));
    assertThat(proxies.caller(InetAddress.ofLiteral(peer), Arrays.asList(header.split(", ", -1))))
        .contains(InetAddress.ofLiteral(caller));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "", "203.0.113.7, nonsense"})
  void callerThatATrustedProxyCannotName_isNobody(String header) {
    TrustedProxies proxies = new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8")));

    assertThat(proxies.caller(InetAddress.ofLiteral("10.0.0.1"), List.of(header))).isEmpty();
  }
}
