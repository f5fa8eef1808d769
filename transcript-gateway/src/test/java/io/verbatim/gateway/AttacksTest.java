package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.testkit.tokens.ForgedTokens;
import io.verbatim.testkit.tokens.IssuerKey;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Attacks on the gateway over HTTP, each with its response.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttacksTest {
  private static final String DESK = "https://desk.example.com";
  private static final IssuerKey ISSUER = IssuerKey.of("k", "RS256");
  private static final String CLAIMS =
      "{\"iss\":\"us\",\"aud\":\"desk\",\"tenant_id\":\"acme\",\"scope\":\"transcripts:read\",\"exp\":4102444800}";

  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway =
      RunningGateway.on(
          bus,
          Map.of(
              "JWT_PUBLIC_KEY", ISSUER.pem(),
              "JWT_ISSUER", "us",
              "JWT_AUDIENCE", "desk",
              "CORS_ORIGINS", DESK,
              "AUTH_FAILURES_PER_SECOND", "100000",
              "REQUESTS_PER_SECOND", "100000"));

  @BeforeAll
  void begin() {
    calls.begin("acme-1", "acme").addFinal("hello");
    calls.begin("globex-1", "globex").addFinal("secret");
  }

  @AfterAll
  void close() {
    gateway.close();
    calls.close();
    bus.close();
  }

  static List<Object[]> forgedTokens() {
    return ForgedTokens.table().toList();
  }

  @ParameterizedTest
  @MethodSource("forgedTokens")
  void forgedToken_is401WithItsCode(String trick, String code) {
    String token = new ForgedTokens(ISSUER, CLAIMS).of(trick);

    for (HttpResponse<String> answer :
        List.of(
            gateway.get("/v1/calls", token),
            gateway.get("/v1/live", "", "Cookie", "verbatim_session=" + token),
            gateway.send(gateway.request("/v1/session", token).POST(BodyPublishers.noBody())))) {
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(code(answer)).isEqualTo(code);
      assertThat(answer.body()).doesNotContain(token);
      assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "another issuer            |"
            + " 'iss':'them','aud':'desk','tenant_id':'acme','scope':'transcripts:read' | 401 |"
            + " bad_issuer",
        "another audience          |"
            + " 'iss':'us','aud':'calls','tenant_id':'acme','scope':'transcripts:read'  | 401 |"
            + " bad_audience",
        "no scope                  | 'iss':'us','aud':'desk','tenant_id':'acme'                    "
            + "          | 403 | missing_scope",
        "a caller's scope          |"
            + " 'iss':'us','aud':'desk','tenant_id':'acme','scope':'audio:write'        | 403 |"
            + " missing_scope",
        "a scope that begins right |"
            + " 'iss':'us','aud':'desk','tenant_id':'acme','scope':'transcripts:reader' | 403 |"
            + " missing_scope",
        "no tenant and no ops      | 'iss':'us','aud':'desk','scope':'transcripts:read'            "
            + "          | 403 | missing_scope",
        "ops alone                 | 'iss':'us','aud':'desk','scope':'ops'                         "
            + "          | 403 | missing_scope",
      })
  void tokenWithWrongClaims_isRefusedWithItsCode(
      String attack, String claims, int status, String code) {
    String token = signed("{\"exp\":4102444800," + claims.replace('\'', '"') + "}");

    HttpResponse<String> answer = gateway.get("/v1/calls", token);

    assertThat(answer.statusCode()).as(attack).isEqualTo(status);
    assertThat(code(answer)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/calls",
    "GET, /v1/live",
    "GET, /v1/calls/acme-1",
    "GET, /v1/calls/acme-1/transcript?format=sse",
    "GET, /v1/calls/acme-1/transcript?format=json",
    "GET, /v1/calls/acme-1/transcript?format=txt",
    "GET, /v1/calls/acme-1/transcript?format=vtt",
    "GET, /v1/calls/acme-1/transcript?format=srt",
    "GET, /v1/alert-words",
    "POST, /v1/session",
    "GET, /v1/dead-letters",
    "DELETE, /v1/dead-letters",
    "GET, /v1/dead-letters/1-1",
    "DELETE, /v1/dead-letters/1-1",
  })
  void everyRoute_needsValidTokenAndScope(String method, String path) {
    String another = IssuerKey.of("k", "RS256").signed("{\"alg\":\"RS256\"}", CLAIMS);
    String callers = signed(CLAIMS.replace("transcripts:read", "audio:write"));

    assertThat(answer(method, path, "")).isEqualTo("401 no_token");
    assertThat(answer(method, path, another)).isEqualTo("401 bad_signature");
    assertThat(answer(method, path, callers)).isEqualTo("403 missing_scope");
  }

  private String answer(String method, String path, String token) {
    HttpResponse<String> answer =
        gateway.send(gateway.request(path, token).method(method, BodyPublishers.noBody()));
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    return answer.statusCode() + " " + code(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/calls/acme-1", "/app.js", "/health", "/v1/calls", "/nowhere"})
  void everyResponse_hasSecurityHeaders(String path) {
    HttpHeaders headers = gateway.get(path, "").headers();

    assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "*");
    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/calls/globex-1",
        "/v1/calls/globex-1/transcript",
        "/v1/calls/globex-1/transcript?format=sse",
        "/v1/calls/globex-1/transcript?format=json",
        "/v1/calls/globex-1/transcript?format=srt",
        "/v1/live?call=globex-1",
        "/v1/calls/GLOBEX-1",
        "/v1/calls/globex-1%2e",
        "/v1/calls/%2e%2e",
        "/v1/calls/globex-1%00",
        "/v1/calls/acme-1%2f..%2fglobex-1",
      })
  void callOfOtherTenant_isNotFound(String path) {
    HttpResponse<String> answer = gateway.get(path, signed(CLAIMS));

    assertThat(answer.statusCode()).isIn(400, 404);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/calls?token=",
        "/v1/calls?access_token=",
        "/v1/live?lastEventId=",
        "/v1/calls/acme-1/transcript?authorization=",
      })
  void tokenInUrl_isIgnored(String path) {
    HttpResponse<String> answer = gateway.get(path + signed(CLAIMS), "");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(code(answer)).isEqualTo("no_token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "https://desk.example.com.evil.example",
        "https://desk.example.com:444",
        "http://desk.example.com",
        "https://DESK.example.com",
        "https://evil-desk.example.com",
        "file://",
      })
  void foreignOrigin_cannotReadOrChange(String origin) {
    String cookie = "verbatim_session=" + signed(CLAIMS);

    HttpResponse<String> preflight =
        gateway.send(
            gateway
                .request("/v1/calls", "", "Origin", origin, "Access-Control-Request-Method", "GET")
                .method("OPTIONS", BodyPublishers.noBody()));
    HttpResponse<String> read = gateway.get("/v1/calls", "", "Cookie", cookie, "Origin", origin);
    List<HttpResponse<String>> changes =
        List.of(
            gateway.send(
                gateway.request("/v1/session", "", "Cookie", cookie, "Origin", origin).DELETE()),
            gateway.send(
                gateway
                    .request("/v1/session", signed(CLAIMS), "Origin", origin)
                    .POST(BodyPublishers.noBody())),
            gateway.send(
                gateway
                    .request("/v1/dead-letters/1-1", signed(CLAIMS), "Origin", origin)
                    .DELETE()));

    assertThat(preflight.statusCode()).isEqualTo(403);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(changes)
        .allSatisfy(answer -> {
          assertThat(answer.statusCode()).isEqualTo(403);
          assertThat(code(answer)).isEqualTo("foreign_origin");
          assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        });
  }

  @Test
  void listedOrigin_readsWithTokenButNotCookie() {
    HttpResponse<String> preflight =
        gateway.send(
            gateway
                .request("/v1/live", "", "Origin", DESK, "Access-Control-Request-Method", "GET")
                .method("OPTIONS", BodyPublishers.noBody()));
    HttpResponse<String> read = gateway.get("/v1/calls", signed(CLAIMS), "Origin", DESK);

    for (HttpResponse<String> answer : List.of(preflight, read)) {
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains(DESK);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
      assertThat(answer.headers().allValues("Vary")).contains("Origin");
    }
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
        .contains("Authorization", "Last-Event-ID", "x-api-key");
  }

  @Test
  void untrustedProxy_doesNotSetSecureCookie() {
    HttpResponse<String> opened =
        gateway.send(
            gateway
                .request("/v1/session", signed(CLAIMS), "X-Forwarded-Proto", "https")
                .POST(BodyPublishers.noBody()));

    assertThat(opened.statusCode()).isEqualTo(204);
    assertThat(opened.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("SameSite=Strict")
        .containsIgnoringCase("HttpOnly")
        .doesNotContain("Secure");
    assertThat(opened.headers().firstValue("Strict-Transport-Security")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void deadLetters_are403ForAgents(String method) {
    String path = method.equals("GET") ? "/v1/dead-letters" : "/v1/dead-letters/1-1";

    HttpResponse<String> answer =
        gateway.send(gateway.request(path, signed(CLAIMS)).method(method, BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("ops");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/prometheus",
        "/actuator/env",
        "/actuator/heapdump",
        "/actuator/shutdown",
        "/..%2fapplication.yml",
        "/%2e%2e/application.yml",
        "/application.yml",
        "/transcript-gateway/application.yml",
      })
  void unservedPath_isNotFound(String path) {
    assertThat(gateway.get(path, signed(CLAIMS)).statusCode()).isIn(400, 404);
  }

  private static String signed(String claims) {
    return ISSUER.signed("{\"alg\":\"RS256\"}", claims);
  }

  private static String code(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body()).path("code").asString("");
  }
}
