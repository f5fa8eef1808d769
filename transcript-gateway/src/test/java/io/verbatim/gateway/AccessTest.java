package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Access over HTTP by token, scope, tenant and origin.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {

  private static final String DESK = "https://desk.example.com";

  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway =
      RunningGateway.on(
          bus, Map.of("CORS_ORIGINS", DESK, "JWT_ISSUER", "", "TRUSTED_PROXIES", "127.0.0.1"));

  @BeforeAll
  void begin() {
    calls.begin("acme-1", "acme").addFinal("hello").addGap(1_500, "hole");
    calls.begin("globex-1", "globex").addFinal("secret");
  }

  @AfterAll
  void close() {
    gateway.close();
    calls.close();
    bus.close();
  }

  @Test
  void noToken_is401WithReason() {
    HttpResponse<String> refused = gateway.get("/v1/calls", "");

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(refused.body()).contains("No token");
  }

  @Test
  void tokenInUrl_isIgnored() {
    assertThat(gateway.get("/v1/calls?token=" + TestTokens.operator(), "").statusCode())
        .isEqualTo(401);
  }

  @Test
  void tokenWithoutScope_is403() {
    String token = TestTokens.token(claims -> claims.claim("tenant_id", "acme"));

    HttpResponse<String> refused = gateway.get("/v1/calls/acme-1/transcript", token);

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("transcripts:read").doesNotContain(token);
  }

  @Test
  void tokenWithoutTenant_needsOps() {
    String token = TestTokens.token(claims -> claims.claim("scope", "transcripts:read"));

    assertThat(gateway.get("/v1/calls", token).body()).contains("ops").contains("tenant_id");
    assertThat(gateway.get("/v1/calls", TestTokens.operator()).statusCode()).isEqualTo(200);
  }

  @Test
  void agent_seesOnlyCallsOfItsTenant() {
    JsonNode calls = json(gateway.get("/v1/calls", TestTokens.agentOf("acme"))).path("calls");

    assertThat(calls.size()).isEqualTo(1);
    JsonNode call = calls.path(0);
    assertThat(call.propertyNames())
        .contains(
            "callId",
            "tenant",
            "state",
            "source",
            "startedAt",
            "lastActivityAt",
            "durationMs",
            "language",
            "sampleRate",
            "from",
            "to",
            "recognizer",
            "finals",
            "gapMs",
            "complete");
    assertThat(call.path("callId").asString()).isEqualTo("acme-1");
    assertThat(call.path("from").asString()).isEqualTo("…7890");
    for (String path : new String[] {"", "/transcript", "/transcript?format=txt"}) {
      HttpResponse<String> other =
          gateway.get("/v1/calls/globex-1" + path, TestTokens.agentOf("acme"));
      assertThat(other.statusCode()).as(path).isEqualTo(404);
      assertThat(other.body()).doesNotContain("secret");
    }
  }

  @Test
  void operator_seesAllCallsWithFullNumbers() {
    JsonNode calls = json(gateway.get("/v1/calls?state=all", TestTokens.operator())).path("calls");

    assertThat(calls.size()).isEqualTo(2);
    assertThat(calls.path(0).path("from").asString()).isEqualTo("+911234567890");
  }

  @Test
  void oneCall_hasLedger() {
    JsonNode call = json(gateway.get("/v1/calls/acme-1", TestTokens.agentOf("acme")));

    assertThat(call.path("receivedMs").asLong()).isEqualTo(1_500);
    assertThat(call.path("transcribedMs").asLong()).isEqualTo(1_000);
    assertThat(call.path("pendingMs").asLong()).isZero();
    assertThat(call.path("gapMs").asLong()).isEqualTo(500);
    assertThat(call.path("gaps").path(0).path("reason").asString()).isEqualTo("hole");
    assertThat(call.path("gaps").path(0).path("endMs").asLong()).isEqualTo(1_500);
    assertThat(call.path("gaps").path(0).path("startMs").asLong()).isEqualTo(1_000);
    assertThat(call.path("tenant").asString()).isEqualTo("acme");
  }

  @Test
  void documentFormat_isChosenByParameterOrAccept() {
    String token = TestTokens.agentOf("acme");

    HttpResponse<String> named = gateway.get("/v1/calls/acme-1/transcript?format=vtt", token);
    HttpResponse<String> accepted =
        gateway.get("/v1/calls/acme-1/transcript", token, "Accept", "text/plain");

    assertThat(named.headers().firstValue("Content-Type")).contains("text/vtt; charset=utf-8");
    assertThat(named.body()).startsWith("WEBVTT");
    assertThat(accepted.body()).startsWith("Call acme-1\n").contains("\n[00:00:00] hello");
    assertThat(
            gateway.get("/v1/calls/acme-1/transcript", token, "Accept", "image/png").statusCode())
        .isEqualTo(406);
  }

  @Test
  void invalidParameter_is400WithItsName() {
    Map<String, String> wrong =
        Map.of(
            "/v1/calls?state=asleep", "state",
            "/v1/calls?limit=0", "limit",
            "/v1/calls?limit=many", "limit",
            "/v1/live?lines=99", "lines",
            "/v1/live?call=no/call", "call",
            "/v1/calls/acme-1/transcript?format=pdf", "format");

    wrong.forEach((path, parameter) -> {
      HttpResponse<String> refused = gateway.get(path, TestTokens.agentOf("acme"));
      assertThat(refused.statusCode()).as(path).isEqualTo(400);
      assertThat(json(refused).path("parameter").asString()).as(path).isEqualTo(parameter);
    });
  }

  @Test
  void session_isHttpOnlyCookie() {
    HttpResponse<String> opened = openSession(TestTokens.agentOf("acme"));
    String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow();

    assertThat(opened.statusCode()).isEqualTo(204);
    assertThat(cookie)
        .startsWith("verbatim_session=")
        .contains("SameSite=Strict", "Path=/")
        .containsIgnoringCase("HttpOnly")
        .doesNotContain("Secure");
    assertThat(gateway.get("/v1/calls", "", "Cookie", pair(cookie)).statusCode()).isEqualTo(200);
  }

  @Test
  void sessionBehindTls_setsSecureCookie() {
    HttpResponse<String> opened =
        gateway.send(post(TestTokens.agentOf("acme")).header("X-Forwarded-Proto", "https"));

    assertThat(opened.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");
  }

  @Test
  void sessionWithoutReadScope_is403() {
    HttpResponse<String> refused = openSession(TestTokens.token(claims -> claims));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void foreignOrigin_cannotChangeDataWithCookie() {
    String cookie = pair(session(TestTokens.operator()));

    HttpResponse<String> foreign = delete("/v1/session", cookie, "https://evil.example");
    HttpResponse<String> own = delete("/v1/session", cookie, "https://127.0.0.1:" + gateway.port());

    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(own.statusCode()).isEqualTo(204);
    assertThat(own.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
    assertThat(delete("/v1/dead-letters/1-1", cookie, "https://evil.example").statusCode())
        .isEqualTo(403);
  }

  @Test
  void otherOrigin_readsOnlyIfListed() {
    HttpResponse<String> listed = preflight(DESK);
    HttpResponse<String> other = preflight("https://evil.example");

    assertThat(listed.statusCode()).isEqualTo(204);
    assertThat(listed.headers().firstValue("Access-Control-Allow-Origin")).contains(DESK);
    assertThat(listed.headers().firstValue("Access-Control-Allow-Headers"))
        .contains("Authorization, Last-Event-ID, x-api-key");
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(
            gateway
                .get("/v1/calls", TestTokens.agentOf("acme"), "Origin", DESK)
                .headers()
                .firstValue("Access-Control-Allow-Origin"))
        .contains(DESK);
  }

  @Test
  void deadLetters_needOps() {
    bus.deadLetters().add("audio_stream", "5-0", "not a call").toCompletableFuture().join();

    assertThat(gateway.get("/v1/dead-letters", TestTokens.agentOf("acme")).statusCode())
        .isEqualTo(403);
    JsonNode letter =
        json(gateway.get("/v1/dead-letters", TestTokens.operator())).path("deadLetters").path(0);
    assertThat(letter.path("reason").asString()).isEqualTo("not a call");
    String path = "/v1/dead-letters/" + letter.path("id").asString();
    assertThat(json(gateway.get(path, TestTokens.operator()))).isEqualTo(letter);
    assertThat(gateway.send(gateway.request(path, TestTokens.operator()).DELETE()).statusCode())
        .isEqualTo(204);
    assertThat(gateway.send(gateway.request(path, TestTokens.operator()).DELETE()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void allDeadLetters_areDeletedByOps() {
    bus.deadLetters().add("audio_stream", "6-0", "not a call").toCompletableFuture().join();
    HttpResponse<String> deleted =
        gateway.send(gateway.request("/v1/dead-letters", TestTokens.operator()).DELETE());

    assertThat(json(deleted).path("deleted").asInt()).isPositive();
    assertThat(gateway.get("/v1/dead-letters", TestTokens.operator()).body())
        .isEqualTo("{\"deadLetters\":[]}");
    assertThat(gateway.get("/v1/dead-letters/6-0", TestTokens.operator()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void health_matchesContract() {
    assertThat(gateway.get("/health", "").body())
        .isEqualTo("{\"status\":\"ok\",\"service\":\"transcript-gateway\"}");
    assertThat(gateway.get("/api/health", "").body())
        .isEqualTo("{\"status\":\"ok\",\"service\":\"frontend\"}");
    assertThat(gateway.get("/actuator/health/readiness", "").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/actuator/prometheus", TestTokens.operator()).statusCode())
        .isEqualTo(404);
    assertThat(gateway.metrics())
        .contains("verbatim_gateway_subscribers", "verbatim_gateway_feeds");
    assertThat(gateway.get("/actuator/env", "").statusCode()).isEqualTo(404);
  }

  @Test
  void page_hasStrictContentSecurityPolicy() {
    HttpResponse<String> page = gateway.get("/calls/acme-1", "");

    assertThat(page.body()).contains("<title>Verbatim</title>");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(gateway.get("/extras.js", "").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/extras.js", "").body()).isEmpty();
    String etag = gateway.get("/app.js", "").headers().firstValue("ETag").orElseThrow();
    assertThat(gateway.get("/app.js", "", "If-None-Match", etag).statusCode()).isEqualTo(304);
    assertThat(gateway.get("/nothing.js", "").statusCode()).isEqualTo(404);
    assertThat(
            gateway.get("/v1/nothing", TestTokens.operator()).headers().firstValue("Content-Type"))
        .contains("application/problem+json");
  }

  private String session(String token) {
    return openSession(token).headers().firstValue("Set-Cookie").orElseThrow();
  }

  private HttpResponse<String> openSession(String token) {
    return gateway.send(post(token));
  }

  private HttpRequest.Builder post(String token) {
    return gateway.request("/v1/session", token).POST(BodyPublishers.noBody());
  }

  private HttpResponse<String> delete(String path, String cookie, String origin) {
    return gateway.send(gateway.request(path, "", "Cookie", cookie, "Origin", origin).DELETE());
  }

  private HttpResponse<String> preflight(String origin) {
    return gateway.send(
        gateway
            .request("/v1/calls", "", "Origin", origin, "Access-Control-Request-Method", "GET")
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  private static String pair(String setCookie) {
    return setCookie.substring(0, setCookie.indexOf(';'));
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }
}
