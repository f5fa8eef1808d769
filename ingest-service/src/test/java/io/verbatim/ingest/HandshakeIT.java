package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import io.verbatim.testkit.tokens.IssuerKey;
import io.verbatim.testkit.tokens.IssuerServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which handshakes are admitted before the upgrade, and the answers to all others.
@ExtendWith(RedisExtension.class)
class HandshakeIT {
  private static final Tokens TOKENS = new Tokens();
  private static final String PATH = "/v1/ingest";

  @Test
  void noCredentials_areRejectedWith401(RedisServer redis) {
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS)) {
      RawRequest answer = RawRequest.upgrade(server.port(), PATH, Map.of());

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.headers()).containsEntry("Content-Type", "application/problem+json");
      assertThat(answer.headers()).containsKey("WWW-Authenticate");
      assertThat(answer.json().path("code").stringValue()).isEqualTo("no_token");
    }
  }

  @Test
  void basicCredentials_areComparedExactly(RedisServer redis) {
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS)) {
      assertThat(upgrade(server, PATH, TestSocket.basic(IngestServer.PASSWORD))).isEqualTo(101);
      assertThat(code(server, PATH, TestSocket.basic("wrong"))).isEqualTo("bad_credentials");
      assertThat(code(server, PATH, Map.of("Authorization", "Basic %%%")))
          .isEqualTo("bad_credentials");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/ingest/path-token_1,        101",
    "/v1/ingest/path-token_1/,       101",
    "/v1/ingest/path-token_1/x/y,    101",
    "/v1/ingest/path-token_1%22foo,  101",
    "/v1/ingest/path-token_12,       401",
    "/v1/ingest/path-token,          401",
    "/v1/ingest/,                    401",
  })
  void pathToken_mustMatchWhole(String path, int status, RedisServer redis) {
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS)) {
      assertThat(upgrade(server, path, Map.of())).isEqualTo(status);
    }
  }

  @Test
  void invalidToken_isRejectedWithItsCodeAndNotEchoed(RedisServer redis) {
    Tokens otherIssuer = new Tokens();
    try (IngestServer server =
        IngestServer.start(
            redis.url(), TOKENS, Map.of("JWT_ISSUER", "us", "JWT_AUDIENCE", "ingest"))) {
      String valid = token("us", "ingest", "audio:write");

      assertThat(upgrade(server, PATH, bearer(valid))).isEqualTo(101);
      assertThat(code(server, PATH, bearer(token("them", "ingest", "audio:write"))))
          .isEqualTo("bad_issuer");
      assertThat(code(server, PATH, bearer(token("us", "other", "audio:write"))))
          .isEqualTo("bad_audience");
      assertThat(code(server, PATH, bearer(otherIssuer.valid()))).isEqualTo("bad_signature");
      assertThat(code(server, PATH, bearer("abc.def.ghi"))).isEqualTo("malformed_token");
      RawRequest scope =
          RawRequest.upgrade(
              server.port(), PATH, bearer(token("us", "ingest", "transcripts:read")));
      assertThat(scope.status()).isEqualTo(403);
      assertThat(scope.json().path("detail").stringValue()).contains("audio:write");
      assertThat(RawRequest.upgrade(server.port(), PATH, bearer("secret-token")).body())
          .doesNotContain("secret-token");
    }
  }

  @Test
  void publishedKeys_verifyTokensAndRotate(RedisServer redis) {
    IssuerKey key = IssuerKey.of("k1", "EdDSA");
    IssuerKey rotated = IssuerKey.of("k2", "ES256");
    try (IssuerServer issuer = new IssuerServer(key);
        IngestServer server = IngestServer.start(redis.url(), TOKENS, published(issuer))) {
      assertThat(upgrade(server, PATH, bearer(key.token("EdDSA")))).isEqualTo(101);

      issuer.publish(rotated);

      assertThat(upgrade(server, PATH, bearer(rotated.token("ES256")))).isEqualTo(101);
      assertThat(code(server, PATH, bearer(IssuerKey.of("k3", "ES256").token("ES256"))))
          .isEqualTo("unknown_key");
      assertThat(code(server, PATH, bearer(TOKENS.valid()))).isEqualTo("unknown_key");
      issuer.fail();
      assertThat(upgrade(server, PATH, bearer(rotated.token("ES256")))).isEqualTo(101);
    }
  }

  @Test
  void unavailableKeys_areAnsweredWith503(RedisServer redis) {
    IssuerKey key = IssuerKey.of("k1", "RS256");
    try (IssuerServer issuer = new IssuerServer(key);
        IngestServer server = IngestServer.start(redis.url(), TOKENS, published(issuer))) {
      issuer.fail();
      String token = key.token("RS256");

      RawRequest answer = RawRequest.upgrade(server.port(), PATH, bearer(token));

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers()).containsKey("Retry-After");
      assertThat(answer.json().path("code").stringValue()).isEqualTo("keys_unavailable");
      assertThat(answer.body()).doesNotContain(token);
    }
  }

  private static Map<String, Object> published(IssuerServer issuer) {
    return Map.of("JWT_PUBLIC_KEY", "", "JWT_JWKS_URL", issuer.address().toString());
  }

  @Test
  void exotelNotSupported_rejectsBasicAndAcceptsTokens(RedisServer redis) {
    Map<String, Object> settings = Map.of("SUPPORT_EXOTEL", "false");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      assertThat(code(server, PATH, TestSocket.basic(IngestServer.PASSWORD)))
          .isEqualTo("exotel_not_supported");
      assertThat(upgrade(server, PATH, bearer(TOKENS.valid()))).isEqualTo(101);
    }
  }

  @Test
  void forwardedAddress_isTrustedOnlyFromTrustedProxies(RedisServer redis) {
    Map<String, Object> settings = new HashMap<>(onlyExotel());
    settings.put("EXOTEL_ALLOWED_IPS", "203.0.113.0/24");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      assertThat(code(server, PATH, Map.of("X-Forwarded-For", "203.0.113.7")))
          .isEqualTo("address_not_allowed");
    }
    settings.put("TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      assertThat(upgrade(server, PATH, Map.of("X-Forwarded-For", "203.0.113.7, 10.1.1.1")))
          .isEqualTo(101);
      assertThat(upgrade(server, PATH, Map.of("X-Forwarded-For", "203.0.113.7, 198.51.100.9")))
          .isEqualTo(401);
    }
  }

  @Test
  void behindRender_theClientIpHeaderNamesTheCaller(RedisServer redis) {
    Map<String, Object> settings = new HashMap<>(onlyExotel());
    settings.put("EXOTEL_ALLOWED_IPS", "203.0.113.0/24");
    settings.put("TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8");
    settings.put("CLIENT_IP_HEADER", "CF-Connecting-IP");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      assertThat(upgrade(server, PATH, render("203.0.113.7", "203.0.113.7"))).isEqualTo(101);
      // The client itself sent X-Forwarded-For, which Cloudflare continues.
      assertThat(code(server, PATH, render("198.51.100.9", "203.0.113.7, 198.51.100.9")))
          .isEqualTo("address_not_allowed");
    }
    settings.put("TRUSTED_PROXIES", "10.0.0.0/8");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      assertThat(code(server, PATH, render("203.0.113.7", "203.0.113.7")))
          .isEqualTo("address_not_allowed");
    }
  }

  /// The headers of a request that came through an edge server of Cloudflare and a proxy of Render.
  private static Map<String, String> render(String client, String forwardedFor) {
    return Map.of(
        "CF-Connecting-IP", client, "X-Forwarded-For", forwardedFor + ", 172.64.0.1, 10.1.1.1");
  }

  @Test
  void startToken_isCheckedAfterTheUpgrade(RedisServer redis) {
    Map<String, Object> settings = new HashMap<>(onlyExotel());
    settings.put("EXOTEL_START_TOKEN", "start-1");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      TestSocket right = TestSocket.connect(server.socket(PATH), Map.of());
      TestSocket wrong = TestSocket.connect(server.socket(PATH), Map.of());

      right.send(start("c1", "start-1"));
      wrong.send(start("c2", "start-2"));

      assertThat(wrong.awaitClose()).isEqualTo(1008);
      assertThat(right.isOpen()).isTrue();
      right.drop();
    }
  }

  @Test
  void exotelAuthNone_admitsAnyCaller(RedisServer redis) {
    Map<String, Object> settings = new HashMap<>(onlyExotel());
    settings.put("EXOTEL_AUTH", "none");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      assertThat(upgrade(server, PATH, Map.of())).isEqualTo(101);
      assertThat(upgrade(server, PATH, TestSocket.basic("anything"))).isEqualTo(101);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void noUpgrade_returnsUrlWithTheCredentials(String method, RedisServer redis) {
    Map<String, Object> settings = Map.of("PUBLIC_URL", "https://in.example.com/");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      int port = server.port();

      assertThat(url(RawRequest.plain(port, method, PATH, TestSocket.basic("s3cret"))))
          .isEqualTo("wss://exo:s3cret@in.example.com/v1/ingest");
      assertThat(url(RawRequest.plain(port, method, PATH + "/path-token_1", Map.of())))
          .isEqualTo("wss://in.example.com/v1/ingest/path-token_1");
      assertThat(
              url(
                  RawRequest.plain(
                      port,
                      method,
                      PATH + "?CallSid=1&sample-rate=16000",
                      TestSocket.basic("s3cret"))))
          .isEqualTo("wss://exo:s3cret@in.example.com/v1/ingest?sample-rate=16000");
      assertThat(url(RawRequest.plain(port, method, PATH, bearer(TOKENS.valid()))))
          .isEqualTo("wss://in.example.com/v1/ingest");
      assertThat(RawRequest.plain(port, method, PATH, Map.of()).status()).isEqualTo(401);
    }
  }

  @Test
  void noPublicUrl_usesTheHostForwardedByTrustedProxies(RedisServer redis) {
    Map<String, String> forwarded =
        Map.of(
            "X-Forwarded-Host", "in.example.com",
            "X-Forwarded-Proto", "https",
            "Authorization", TestSocket.basic("s3cret").get("Authorization"));
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS)) {
      assertThat(url(RawRequest.plain(server.port(), "GET", PATH, forwarded)))
          .isEqualTo("ws://exo:s3cret@127.0.0.1:" + server.port() + PATH);
    }
    Map<String, Object> settings = Map.of("TRUSTED_PROXIES", "127.0.0.0/8");
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, settings)) {
      assertThat(url(RawRequest.plain(server.port(), "GET", PATH, forwarded)))
          .isEqualTo("wss://exo:s3cret@in.example.com/v1/ingest");
    }
  }

  @Test
  void exotelBeyondMaxCalls_isAnsweredWith503(RedisServer redis) {
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS, Map.of("MAX_CALLS", "1"))) {
      TestSocket first = TestSocket.exotel(server);
      TestSocket late = TestSocket.exotel(server);
      first.send(start("c1", ""));
      await().until(() -> server.part(CallRegistry.class).size() == 1);
      late.send(start("c2", ""));

      assertThat(late.awaitClose()).isEqualTo(1013);
      RawRequest refused =
          RawRequest.upgrade(server.port(), PATH, TestSocket.basic(IngestServer.PASSWORD));
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsKey("Retry-After");
      first.drop();
    }
  }

  @Test
  void otherMethod_isAnsweredWith405(RedisServer redis) {
    try (IngestServer server = IngestServer.start(redis.url(), TOKENS)) {
      assertThat(RawRequest.plain(server.port(), "PUT", PATH, Map.of()).status()).isEqualTo(405);
    }
  }

  private static Map<String, Object> onlyExotel() {
    return Map.of(
        "EXOTEL_USERNAME", "", "EXOTEL_PASSWORD", "", "EXOTEL_PATH_TOKEN", "", "LOG_LEVEL", "warn");
  }

  private static String start(String call, String token) {
    return "{\"event\":\"start\",\"start\":{\"call_sid\":\"%s\",\"custom_parameters\":{\"token\":\"%s\"}}}"
        .formatted(call, token);
  }

  private static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  private static String token(String issuer, String audience, String scope) {
    return TOKENS.token(
        JWSAlgorithm.RS256,
        claims -> claims.issuer(issuer).audience(List.of(audience)).claim("scope", scope));
  }

  private static int upgrade(IngestServer server, String path, Map<String, String> headers) {
    return RawRequest.upgrade(server.port(), path, headers).status();
  }

  private static String code(IngestServer server, String path, Map<String, String> headers) {
    RawRequest refused = RawRequest.upgrade(server.port(), path, headers);
    assertThat(refused.status()).isEqualTo(401);
    return refused.json().path("code").stringValue();
  }

  private static String url(RawRequest answer) {
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().path("url").stringValue();
  }
}
