package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.RawRequest;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.testkit.tokens.ForgedTokens;
import io.verbatim.testkit.tokens.IssuerKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Attacks on the ingest endpoint and their answers.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttacksTest {
  private static final String PATH = "/v1/ingest";
  private static final IssuerKey ISSUER = IssuerKey.of("k", "RS256");
  private static final String CLAIMS = "{\"iss\":\"us\",\"aud\":\"calls\",\"exp\":4102444800}";

  private final InMemoryBus bus = new InMemoryBus();
  private final IngestServer server =
      IngestServer.start(
          bus,
          new Tokens(),
          Map.of(
              "JWT_PUBLIC_KEY", ISSUER.pem(),
              "JWT_ISSUER", "us",
              "JWT_AUDIENCE", "calls",
              "EXOTEL_ALLOWED_IPS", "203.0.113.7",
              "AUTH_FAILURES_PER_SECOND", "100000"));

  @AfterAll
  void close() {
    server.close();
    bus.close();
  }

  static List<Object[]> forgedTokens() {
    return ForgedTokens.table().toList();
  }

  @ParameterizedTest
  @MethodSource("forgedTokens")
  void forgedToken_isRejectedWithItsCode(String attack, String code) {
    String token = new ForgedTokens(ISSUER, CLAIMS).of(attack);

    RawRequest answer = upgrade(PATH, "Bearer " + token);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().path("code").stringValue()).isEqualTo(code);
    assertThat(answer.body()).doesNotContain(token);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing                                 | /v1/ingest               |                  |"
            + " 401 | address_not_allowed",
        "a token in the query                    | /v1/ingest?token=s3cret  |                  |"
            + " 401 | address_not_allowed",
        "Bearer without a token                  | /v1/ingest               | Bearer           |"
            + " 401 | no_token",
        "the password as a token                 | /v1/ingest               | Bearer s3cret    |"
            + " 401 | malformed_token",
        "an unknown scheme                       | /v1/ingest               | Digest exo:s3cret |"
            + " 401 | bad_scheme",
        "the right user, another password        | /v1/ingest               | basic exo:S3cret |"
            + " 401 | bad_credentials",
        "the right password, another user        | /v1/ingest               | basic EXO:s3cret |"
            + " 401 | bad_credentials",
        "no password                             | /v1/ingest               | basic exo:       |"
            + " 401 | bad_credentials",
        "no colon                                | /v1/ingest               | basic exos3cret  |"
            + " 401 | bad_credentials",
        "a prefix of the password                | /v1/ingest               | basic exo:s3cre  |"
            + " 401 | bad_credentials",
        "the password and one character more     | /v1/ingest               | basic exo:s3cret1 |"
            + " 401 | bad_credentials",
        "Basic that is not base64                | /v1/ingest               | Basic %%%        |"
            + " 401 | bad_credentials",
        "a prefix of the path token              | /v1/ingest/path-token    |                  |"
            + " 401 | bad_path_token",
        "the path token and one character more   | /v1/ingest/path-token_12 |                  |"
            + " 401 | bad_path_token",
        "a path token in another case            | /v1/ingest/PATH-TOKEN_1  |                  |"
            + " 401 | bad_path_token",
        "an unknown scheme before a wrong path | /v1/ingest/nope          | Digest x         |"
            + " 401 | bad_scheme",
      })
  void wrongCredentials_areRejectedWithTheirCode(
      String attack, String path, String authorization, int status, String code) {
    RawRequest answer = upgrade(path, encoded(authorization));

    assertThat(answer.status()).as(attack).isEqualTo(status);
    assertThat(answer.json().path("code").stringValue()).isEqualTo(code);
    assertThat(answer.headers()).containsEntry("Content-Type", "application/problem+json");
    assertThat(answer.body()).doesNotContain("s3cret", "S3cret", "PATH-TOKEN", "path-token");
  }

  @ParameterizedTest
  @CsvSource({"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
  void unsupportedMethod_isRejectedWith405(String method) {
    assertThat(RawRequest.plain(server.port(), method, PATH, basic()).status()).isEqualTo(405);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-For, 203.0.113.7",
    "X-Real-IP, 203.0.113.7",
    "Forwarded, for=203.0.113.7",
    "True-Client-IP, 203.0.113.7"
  })
  void forwardedAddressFromUntrustedPeer_isIgnored(String header, String value) {
    RawRequest answer = RawRequest.upgrade(server.port(), PATH, Map.of(header, value));

    assertThat(answer.status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "another tenant's call, tenant_id, other, claim_tenant_id",
    "another call, interaction_id, other, claim_interaction_id"
  })
  void startThatContradictsItsToken_closesWith1008(
      String attack, String claim, String value, String code) {
    String claims = CLAIMS.replace("}", ",\"" + claim + "\":\"" + value + "\"}");
    TestSocket socket = TestSocket.pcm(server, ISSUER.signed("{\"alg\":\"RS256\"}", claims));

    socket.send(PcmClient.start("call-1", ""));

    assertThat(socket.await("error").path("code").stringValue()).as(attack).isEqualTo(code);
    assertThat(socket.awaitClose()).isEqualTo(1008);
    assertThat(server.part(CallRegistry.class).size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"transcripts:read, scope", "ops, scope", "audio:writer, permissions"})
  void tokenWithoutAudioWrite_isRejectedWith403(String scope, String claim) {
    String claims = CLAIMS.replace("}", ",\"" + claim + "\":[\"" + scope + "\"]}");

    RawRequest answer = upgrade(PATH, "Bearer " + ISSUER.signed("{\"alg\":\"RS256\"}", claims));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().path("detail").stringValue()).contains("audio:write");
  }

  @ParameterizedTest
  @CsvSource({
    "/actuator/prometheus", "/actuator/env", "/actuator/heapdump", "/actuator/loggers",
    "/actuator/shutdown", "/..%2fapplication.yml", "/static/index.html", "/v1/ingest-2"
  })
  void unknownPath_isNotFound(String path) {
    assertThat(RawRequest.plain(server.port(), "GET", path, basic()).status()).isIn(400, 404);
  }

  /// Each such handshake would otherwise leak a buffer.
  @Test
  void framesBeforeTheHandshakeAnswer_closeTheConnection() throws IOException {
    List<String> early =
        List.of(
            "GET " + PATH + " HTTP/1.1",
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==",
            "Authorization: " + basic().get("Authorization"),
            "",
            "early");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(String.join("\r\n", early).getBytes(StandardCharsets.ISO_8859_1));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 101");
    }
  }

  private RawRequest upgrade(String path, String authorization) {
    return RawRequest.upgrade(
        server.port(),
        path,
        authorization == null || authorization.isEmpty()
            ? Map.of()
            : Map.of("Authorization", authorization));
  }

  private static Map<String, String> basic() {
    return TestSocket.basic(IngestServer.PASSWORD);
  }

  /// Replaces `basic pair` by the pair in base64.
  private static String encoded(String authorization) {
    if (authorization == null || !authorization.startsWith("basic ")) {
      return authorization == null ? "" : authorization;
    }
    byte[] pair = authorization.substring(6).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
