package io.verbatim.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.ApiKeyList;
import io.verbatim.pubsub.message.ApiKeySnapshot;
import io.verbatim.pubsub.message.PublishedApiKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// API keys over HTTP, on one database with two gateways.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApiKeysContract {

  private static final String OPERATOR = TestTokens.operator();
  private static final Duration REVOKED_WITHIN = Duration.ofSeconds(5);

  private final TestDatabase database;
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway first;
  private final RunningGateway second;

  ApiKeysContract(TestDatabase database) {
    this.database = database;
    Map<String, Object> settings =
        Map.of(
            "DATABASE_URL", database.url(),
            "AUTH_FAILURES_PER_SECOND", "100000",
            "REQUESTS_PER_SECOND", "100000");
    this.first = RunningGateway.on(bus, settings);
    this.second = RunningGateway.on(bus, settings);
  }

  @BeforeAll
  void begin() {
    calls.begin("acme-1", "acme").addFinal("hello");
    calls.begin("globex-1", "globex").addFinal("secret");
    for (RunningGateway gateway : new RunningGateway[] {first, second}) {
      await().until(() -> with(gateway, "/v1/calls", "vk_unknown").statusCode() == 401);
    }
  }

  @AfterAll
  void close() {
    first.close();
    second.close();
    calls.close();
    bus.close();
    database.close();
  }

  private JsonNode create(String body) {
    HttpResponse<String> answer = post(OPERATOR, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    return JsonMapper.shared().readTree(answer.body());
  }

  private HttpResponse<String> post(String token, String body) {
    return first.send(first.request("/v1/api-keys", token).POST(BodyPublishers.ofString(body)));
  }

  /// A key of acme that reads, known to both gateways.
  private JsonNode reader() {
    JsonNode created =
        create("{\"name\":\"crm\",\"tenant\":\"acme\",\"scopes\":[\"transcripts:read\"]}");
    for (RunningGateway gateway : new RunningGateway[] {first, second}) {
      await().until(() -> with(gateway, "/v1/calls", key(created)).statusCode() == 200);
    }
    return created;
  }

  private static String key(JsonNode created) {
    return created.path("key").asString();
  }

  private static HttpResponse<String> with(RunningGateway gateway, String path, String key) {
    return gateway.get(path, "", "x-api-key", key);
  }

  private static String code(HttpResponse<String> answer) {
    return answer.statusCode()
        + " "
        + JsonMapper.shared().readTree(answer.body()).path("code").asString("");
  }

  @Test
  void key_isShownOnceAndReadsItsTenantOnAllGateways() {
    JsonNode created = reader();

    assertThat(key(created)).matches("vk_[0-9A-Za-z]{10}_[0-9A-Za-z]{40}");
    assertThat(with(second, "/v1/calls", key(created)).body())
        .contains("acme-1")
        .doesNotContain("globex-1");
    assertThat(with(second, "/v1/calls/globex-1", key(created)).statusCode()).isEqualTo(404);
    String listed = first.get("/v1/api-keys", OPERATOR).body();
    assertThat(listed)
        .contains("vk_" + created.path("id").asString(), "\"name\":\"crm\"")
        .doesNotContain(key(created));
    JsonNode me = JsonMapper.shared().readTree(with(first, "/api/me", key(created)).body());
    assertThat(me.path("credential").asString()).isEqualTo("api_key");
    assertThat(me.path("keyId").asString()).isEqualTo(created.path("id").asString());
    assertThat(me.path("tenant").asString()).isEqualTo("acme");
  }

  @Test
  void identity_ofToken_isShown() {
    assertThat(first.get("/api/me", TestTokens.agentOf("acme")).body())
        .contains(
            "\"subject\":\"agent-7\"",
            "\"credential\":\"token\"",
            "\"tenant\":\"acme\"",
            "\"scopes\":[\"transcripts:read\"]");
    assertThat(code(first.get("/api/me", ""))).isEqualTo("401 no_token");
  }

  @Test
  void revokedKey_isRefusedEverywhereAndItsStreamsEnd() {
    JsonNode created = reader();
    String id = created.path("id").asString();
    try (EventReader stream =
        second.events("/v1/calls/acme-1/transcript", "", "x-api-key", key(created))) {
      stream.awaitEvent("caught-up");

      assertThat(delete(id, OPERATOR)).isEqualTo(204);

      await()
          .atMost(REVOKED_WITHIN)
          .until(() -> code(with(second, "/v1/calls", key(created))).equals("401 bad_api_key"));
      await()
          .atMost(REVOKED_WITHIN)
          .until(() -> code(with(first, "/v1/calls", key(created))).equals("401 bad_api_key"));
      assertThat(stream.awaitEvent("evicted").text("code")).isEqualTo("expired");
      stream.awaitEnd();
    }
    assertThat(delete(id, OPERATOR)).isEqualTo(404);
  }

  private int delete(String id, String token) {
    return first.send(first.request("/v1/api-keys/" + id, token).DELETE()).statusCode();
  }

  @Test
  void twoKeysOfOneProgram_areValidTogether() {
    JsonNode old = reader();
    JsonNode rotated = reader();

    assertThat(with(first, "/v1/calls", key(old)).statusCode()).isEqualTo(200);
    assertThat(with(first, "/v1/calls", key(rotated)).statusCode()).isEqualTo(200);
  }

  @Test
  void expiredKey_isRefused() {
    Instant soon = Instant.now().plusSeconds(3);
    JsonNode created =
        create(
            "{\"name\":\"x\",\"tenant\":\"acme\",\"scopes\":[\"transcripts:read\"],\"expiresAt\":\""
                + soon
                + "\"}");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            Instant.now().isAfter(soon)
                && code(with(first, "/v1/calls", key(created))).equals("401 bad_api_key"));
    assertThat(first.get("/v1/api-keys", OPERATOR).body())
        .doesNotContain(created.path("id").asString());
  }

  @Test
  void session_ofKey_isACookieUntilItIsRevoked() {
    JsonNode created = reader();
    String cookie =
        first
            .send(
                first
                    .request("/v1/session", "", "x-api-key", key(created))
                    .POST(BodyPublishers.noBody()))
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow()
            .split(";", -1)[0];

    assertThat(second.get("/v1/calls", "", "Cookie", cookie).statusCode()).isEqualTo(200);
    delete(created.path("id").asString(), OPERATOR);
    await()
        .atMost(REVOKED_WITHIN)
        .until(() -> second.get("/v1/calls", "", "Cookie", cookie).statusCode() == 401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vk_0000000000_0000000000000000000000000000000000000000",
        "vk_",
        "vk_' or '1'='1",
        "anything",
        "eyJhbGciOiJub25lIn0.e30.",
      })
  void guessedKey_isRefused(String guess) {
    assertThat(code(with(first, "/v1/calls", guess))).isEqualTo("401 bad_api_key");
    assertThat(with(first, "/v1/calls", guess).body()).doesNotContain(guess);
  }

  @Test
  void keyWithOneChangedCharacter_isRefused() {
    String key = key(reader());
    String changed = key.substring(0, key.length() - 1) + (key.endsWith("a") ? "b" : "a");

    assertThat(code(with(first, "/v1/calls", changed))).isEqualTo("401 bad_api_key");
  }

  @Test
  void keyElsewhere_isNoCredential() {
    String key = key(reader());

    assertThat(code(first.get("/v1/calls", key))).isEqualTo("401 malformed_token");
    assertThat(code(first.get("/v1/calls?x-api-key=" + key, ""))).isEqualTo("401 no_token");
    assertThat(code(first.get("/v1/calls?token=" + key, ""))).isEqualTo("401 no_token");
  }

  @Test
  void keyWithoutScope_isRefused() {
    String key = key(reader());

    assertThat(code(with(first, "/v1/api-keys", key))).isEqualTo("403 missing_scope");
    assertThat(code(with(first, "/v1/usage", key))).isEqualTo("403 missing_scope");
    assertThat(code(with(first, "/v1/dead-letters", key))).isEqualTo("403 missing_scope");
  }

  @Test
  void operatorOfOneTenant_managesOnlyItsKeys() {
    JsonNode foreign =
        create("{\"name\":\"g\",\"tenant\":\"globex\",\"scopes\":[\"transcripts:read\"]}");
    String acme =
        TestTokens.token(claims -> claims.claim("tenant_id", "acme").claim("scope", "ops"));

    assertThat(delete(foreign.path("id").asString(), acme)).isEqualTo(404);
    assertThat(first.get("/v1/api-keys", acme).body()).doesNotContain("globex");
    assertThat(
            post(acme, "{\"name\":\"x\",\"tenant\":\"globex\",\"scopes\":[\"ops\"]}").statusCode())
        .isEqualTo(403);
    HttpResponse<String> own = post(acme, "{\"name\":\"x\",\"scopes\":[\"ops\"]}");
    assertThat(own.statusCode()).isEqualTo(201);
    assertThat(own.body()).contains("\"tenant\":\"acme\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"name\":\"\",\"scopes\":[\"ops\"]}",
        "{\"name\":7,\"scopes\":[\"ops\"]}",
        "{\"name\":\"x\\u0000\",\"scopes\":[\"ops\"]}",
        "{\"name\":\"x\",\"scopes\":[]}",
        "{\"name\":\"x\",\"scopes\":[\"root\"]}",
        "{\"name\":\"x\",\"scopes\":\"ops\"}",
        "{\"name\":\"x\",\"scopes\":[\"ops\"],\"tenant\":\"\"}",
        "{\"name\":\"x\",\"scopes\":[\"ops\"],\"expiresAt\":\"2020-01-01T00:00:00Z\"}",
        "{\"name\":\"x\",\"scopes\":[\"ops\"],\"expiresAt\":\"soon\"}",
        "{\"name\":\"x\",\"scopes\":[\"ops\"],\"hash\":\"00\"}",
      })
  void invalidRequest_isRefused(String body) {
    HttpResponse<String> answer = post(OPERATOR, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%27%20or%20%271%27=%271", "x%27;delete%20from%20api_key;--", "%00", "%25"})
  void sqlInId_revokesNothing(String id) {
    String key = key(reader());

    assertThat(delete(id, OPERATOR)).isEqualTo(404);
    assertThat(with(first, "/v1/calls", key).statusCode()).isEqualTo(200);
  }

  @Test
  void validKeys_arePublishedAsHashesUntilTheyAreRevoked() {
    JsonNode created =
        create("{\"name\":\"phone\",\"tenant\":\"acme\",\"scopes\":[\"audio:write\"]}");
    String id = created.path("id").asString();
    String key = created.path("key").asString();
    await().until(() -> published().stream().anyMatch(entry -> entry.id().equals(id)));

    PublishedApiKey entry =
        published().stream().filter(any -> any.id().equals(id)).findFirst().orElseThrow();

    assertThat(entry.matches(key)).isTrue();
    assertThat(entry.tenant()).isEqualTo("acme");
    assertThat(entry.scopes()).containsExactly("audio:write");
    assertThat(publishedText()).doesNotContain(key).doesNotContain(key.substring(14));
    await().until(() -> with(second, "/v1/calls", key).statusCode() == 403);
    first.send(first.request("/v1/api-keys/" + id, OPERATOR).DELETE());
    await()
        .atMost(REVOKED_WITHIN)
        .until(() -> published().stream().noneMatch(any -> any.id().equals(id)));
  }

  private String publishedText() {
    return bus.apiKeys()
        .read(-1, Set.of())
        .toCompletableFuture()
        .join()
        .flatMap(ApiKeySnapshot::keys)
        .orElse("[]");
  }

  private List<PublishedApiKey> published() {
    return ApiKeyList.decode(publishedText());
  }
}
