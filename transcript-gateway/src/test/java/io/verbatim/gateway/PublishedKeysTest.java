package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.testkit.tokens.IssuerKey;
import io.verbatim.testkit.tokens.IssuerServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A gateway whose issuer publishes its keys.
class PublishedKeysTest {
  private static final IssuerKey KEY = IssuerKey.of("k1", "EdDSA");
  private static final IssuerKey ROTATED = IssuerKey.of("k2", "ES256");

  @Test
  void rotatedKeys_areFetchedAndKeptDuringOutage() {
    try (InMemoryBus bus = new InMemoryBus();
        IssuerServer issuer = new IssuerServer(KEY);
        RunningGateway gateway = gateway(bus, issuer)) {
      assertThat(status(gateway, operator(KEY, "EdDSA"))).isEqualTo(200);

      issuer.publish(ROTATED);

      assertThat(status(gateway, operator(ROTATED, "ES256"))).isEqualTo(200);
      assertThat(status(gateway, TestTokens.operator())).isEqualTo(401);
      issuer.fail();
      assertThat(status(gateway, operator(ROTATED, "ES256"))).isEqualTo(200);
    }
  }

  @Test
  void session_opensWithPublishedKey() {
    try (InMemoryBus bus = new InMemoryBus();
        IssuerServer issuer = new IssuerServer(KEY);
        RunningGateway gateway = gateway(bus, issuer)) {
      HttpRequest.Builder request =
          gateway.request("/v1/session", operator(KEY, "EdDSA")).POST(BodyPublishers.noBody());

      assertThat(gateway.send(request).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void unavailableKeys_are503() {
    try (InMemoryBus bus = new InMemoryBus();
        IssuerServer issuer = new IssuerServer();
        RunningGateway gateway = gateway(bus, issuer)) {
      issuer.fail();
      String token = operator(KEY, "EdDSA");

      HttpResponse<String> refused = gateway.get("/v1/calls", token);

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(refused.body()).contains("keys").doesNotContain(token);
    }
  }

  private static RunningGateway gateway(InMemoryBus bus, IssuerServer issuer) {
    return RunningGateway.on(
        bus, Map.of("JWT_PUBLIC_KEY", "", "JWT_JWKS_URL", issuer.address().toString()));
  }

  private static int status(RunningGateway gateway, String token) {
    return gateway.get("/v1/calls", token).statusCode();
  }

  private static String operator(IssuerKey key, String algorithm) {
    return key.signed(
        "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(algorithm, key.id()),
        "{\"exp\":4102444800,\"scope\":\"transcripts:read ops\"}");
  }
}
