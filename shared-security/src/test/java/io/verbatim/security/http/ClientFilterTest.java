package io.verbatim.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.security.client.AddressRange;
import io.verbatim.security.client.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

class ClientFilterTest {
  private static final String PROXY = "10.0.0.1";
  private static final String CLIENT = "203.0.113.7";

  private final ClientFilter filter =
      new ClientFilter(new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8"))));

  @Test
  void trustedProxy_reportsAddressAndTls() {
    assertThat(client(PROXY, CLIENT)).isEqualTo(new Client(InetAddress.ofLiteral(CLIENT), true));
  }

  @Test
  void otherPeer_isTheClientItself() {
    assertThat(client("198.51.100.1", CLIENT))
        .isEqualTo(new Client(InetAddress.ofLiteral("198.51.100.1"), false));
  }

  @Test
  void invalidForwardedAddress_countsAsTheProxy() {
    assertThat(client(PROXY, "unknown").address()).isEqualTo(InetAddress.ofLiteral(PROXY));
  }

  private Client client(String peer, String forwardedFor) {
    MockServerWebExchange exchange =
        MockServerWebExchange.from(
            MockServerHttpRequest.get("/")
                .remoteAddress(new InetSocketAddress(InetAddress.ofLiteral(peer), 1))
                .header("X-Forwarded-For", forwardedFor)
                .header("X-Forwarded-Proto", "https"));
    filter.filter(exchange, _ -> Mono.empty()).block();
    return Client.of(exchange.getAttributes());
  }
}
