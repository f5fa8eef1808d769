package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Attacks on the record over HTTP, on one database, each with its answer.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RecordAttacksContract {

  private static final String OPERATOR = TestTokens.operator();
  private static final String ALL_SCOPES =
      "\"transcripts:read\",\"transcripts:erase\",\"usage:read\",\"ops\"";
  private static final List<String> SQL =
      List.of(
          "' or '1'='1",
          "x' or 1=1 --",
          "acme' union select hash, id, name from api_key --",
          "'; drop table archived_call; --",
          "'; update api_key set tenant = null; --",
          "\\'; delete from audit_entry; --",
          "1 or 1=1",
          "%' or text like '%secret%",
          "' || (select secret from number_hash_key) || '",
          "') union all select * from archived_line where ('1'='1",
          "'; select pg_sleep(10); --",
          "\0' or 1=1 --",
          "$$; select 1; $$");

  private final TestDatabase database;
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway;
  private String acme = "";
  private String globexKeyId = "";
  private String revoked = "";
  private String expired = "";

  RecordAttacksContract(TestDatabase database) {
    this.database = database;
    this.gateway =
        RunningGateway.on(
            bus,
            Map.of(
                "DATABASE_URL", database.url(),
                "AUTH_FAILURES_PER_SECOND", "100000",
                "REQUESTS_PER_SECOND", "100000"));
  }

  @BeforeAll
  void begin() {
    calls.begin("acme-1", "acme", "+911111111111").addFinal("ours").end();
    calls.begin("globex-1", "globex", "+912222222222").addFinal("secret plan").end();
    calls.begin("globex-live", "globex", "+912222222222").addFinal("secret talk");
    await().until(() -> database.storedCalls() == 2);
    Instant soon = Instant.now().plusSeconds(4);
    expired = key("acme", ",\"expiresAt\":\"" + soon + "\"").path("key").asString();
    JsonNode second = key("acme", "");
    revoked = second.path("key").asString();
    acme = key("acme", "").path("key").asString();
    globexKeyId = key("globex", "").path("id").asString();
    await().until(() -> with(revoked, "GET", "/v1/calls").statusCode() == 200);
    with(OPERATOR, "DELETE", "/v1/api-keys/" + second.path("id").asString());
    await().until(() -> with(revoked, "GET", "/v1/calls").statusCode() == 401);
    await().until(() -> with(acme, "GET", "/v1/calls").statusCode() == 200);
    await().until(() -> Instant.now().isAfter(soon));
  }

  @AfterAll
  void close() {
    gateway.close();
    calls.close();
    bus.close();
    database.close();
  }

  private JsonNode key(String tenant, String more) {
    String body =
        "{\"name\":\"k\",\"tenant\":\"%s\",\"scopes\":[%s]%s}".formatted(tenant, ALL_SCOPES, more);
    HttpResponse<String> answer = send(OPERATOR, "POST", "/v1/api-keys", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JsonMapper.shared().readTree(answer.body());
  }

  private HttpResponse<String> with(String credential, String method, String path) {
    return send(credential, method, path, "");
  }

  /// @param credential a key, or else a token; empty for none
  private HttpResponse<String> send(String credential, String method, String path, String body) {
    boolean isKey = credential.startsWith("vk_");
    return gateway.send(
        (isKey
                ? gateway.request(path, "", "x-api-key", credential)
                : gateway.request(path, credential))
            .method(method, BodyPublishers.ofString(body)));
  }

  private static String code(HttpResponse<String> answer) {
    return answer.statusCode()
        + " "
        + JsonMapper.shared().readTree(answer.body()).path("code").asString("");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/calls",
    "GET, /v1/live",
    "GET, /v1/calls/acme-1",
    "GET, /v1/calls/acme-1/transcript?format=json",
    "DELETE, /v1/calls/acme-1",
    "GET, /v1/search?q=ours",
    "GET, /v1/usage",
    "GET, /v1/audit",
    "GET, /v1/api-keys",
    "POST, /v1/api-keys",
    "DELETE, /v1/api-keys/0000000000",
    "POST, /v1/erasures",
    "GET, /v1/dead-letters",
    "DELETE, /v1/dead-letters",
    "GET, /api/me",
  })
  void everyRoute_refusesUnusableKeys(String method, String path) {
    String guessed = acme.substring(0, 14) + "0".repeat(40);
    String changed = acme.substring(0, acme.length() - 1) + (acme.endsWith("a") ? "b" : "a");

    for (String unusable : List.of(revoked, expired, guessed, changed, acme + "x", "vk_")) {
      HttpResponse<String> answer = with(unusable, method, path);
      assertThat(code(answer)).isEqualTo("401 bad_api_key");
      assertThat(answer.body()).doesNotContain(acme.substring(14), "ours");
    }
    assertThat(code(with("", method, path))).isEqualTo("401 no_token");
    for (String parameter : List.of("x-api-key", "api_key", "key", "token", "access_token")) {
      String url = path + (path.contains("?") ? "&" : "?") + parameter + "=" + acme;
      assertThat(code(with("", method, url))).as(parameter).isEqualTo("401 no_token");
    }
    assertThat(
            code(
                gateway.send(
                    gateway
                        .request(path, "", "Authorization", "Bearer " + acme)
                        .method(method, BodyPublishers.noBody()))))
        .isEqualTo("401 malformed_token");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/search?q=secret, 200",
    "GET, /v1/search?q=secret&tenant=globex, 404",
    "GET, /v1/search?q=secret&tenant=acme&tenant=globex, 200",
    "GET, /v1/search?q=secret&from=1970-01-01&to=9999-12-31, 200",
    "GET, /v1/usage, 200",
    "GET, /v1/usage?tenant=globex, 404",
    "GET, /v1/usage?format=csv&tenant=globex, 404",
    "GET, /v1/audit?limit=500, 200",
    "GET, /v1/audit?tenant=globex, 404",
    "GET, /v1/audit?action=create_key&limit=500, 200",
    "GET, /v1/api-keys, 200",
    "GET, /v1/calls?state=all, 200",
    "GET, /v1/calls/globex-1, 404",
    "GET, /v1/calls/globex-1/transcript?format=txt, 404",
    "GET, /v1/calls/globex-live/transcript?format=txt, 404",
    "DELETE, /v1/calls/globex-1, 404",
    "DELETE, /v1/calls/globex-1?tenant=globex, 404",
  })
  void keyOfOneTenant_neverSeesAnother(String method, String path, int status) {
    HttpResponse<String> answer = with(acme, method, path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .doesNotContain("secret", "plan", "\"tenant\":\"globex\"", "\"globex\",");
    if (!path.equals("/v1/audit?limit=500")) { // Shows what this tenant tried.
      assertThat(answer.body()).doesNotContain(globexKeyId);
    }
  }

  @Test
  void keyOfOneTenant_neverChangesAnother() {
    assertThat(with(acme, "DELETE", "/v1/api-keys/" + globexKeyId).statusCode()).isEqualTo(404);
    assertThat(
            send(
                    acme,
                    "POST",
                    "/v1/api-keys",
                    "{\"name\":\"x\",\"tenant\":\"globex\",\"scopes\":[\"ops\"]}")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            send(acme, "POST", "/v1/erasures", "{\"number\":\"2222222222\",\"tenant\":\"globex\"}")
                .statusCode())
        .isEqualTo(404);
    assertThat(send(acme, "POST", "/v1/erasures", "{\"number\":\"2222222222\"}").body())
        .isEqualTo("{\"erased\":[],\"live\":[]}");
    unchanged();
  }

  /// Nothing that an attack aims at has changed.
  private void unchanged() {
    assertThat(database.storedCalls()).isEqualTo(2);
    assertThat(database.number("select count(*) from api_key where revoked_at is null"))
        .isEqualTo(3);
    assertThat(database.number("select count(*) from api_key where tenant is null")).isZero();
    assertThat(with(OPERATOR, "GET", "/v1/calls/globex-1/transcript?format=txt").body())
        .contains("secret plan");
  }

  static Stream<String> parameters() {
    return Stream.of(
        "/v1/search?q=",
        "/v1/search?q=secret&from=",
        "/v1/search?q=secret&to=",
        "/v1/search?q=secret&tenant=",
        "/v1/search?q=secret&speaker=",
        "/v1/search?q=secret&limit=",
        "/v1/search?q=secret&after=",
        "/v1/usage?from=",
        "/v1/usage?to=",
        "/v1/usage?tenant=",
        "/v1/usage?format=",
        "/v1/audit?from=",
        "/v1/audit?to=",
        "/v1/audit?tenant=",
        "/v1/audit?action=",
        "/v1/audit?limit=",
        "/v1/audit?after=",
        "/v1/calls?state=",
        "/v1/calls?limit=",
        "/v1/calls?before=",
        "/v1/calls/",
        "/v1/calls/acme-1?tenant=",
        "/v1/live?call=");
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void sqlInParameter_isAValueThatMatchesNothing(String path) {
    for (String sql : SQL) {
      String url = path + URLEncoder.encode(sql, StandardCharsets.UTF_8).replace("+", "%20");

      HttpResponse<String> answer = with(acme, "GET", url);

      assertThat(answer.statusCode()).as(url).isIn(200, 400, 404);
      assertThat(answer.body())
          .as(url)
          .doesNotContain("secret plan", "secret talk", "\"tenant\":\"globex\"", globexKeyId);
    }
    unchanged();
  }

  @Test
  void sqlInBodyAndPath_changesNothing() {
    for (String sql : SQL) {
      String text = JsonMapper.shared().writeValueAsString(sql);
      String path = URLEncoder.encode(sql, StandardCharsets.UTF_8).replace("+", "%20");

      for (HttpResponse<String> answer :
          List.of(
              send(acme, "POST", "/v1/erasures", "{\"number\":" + text + "}"),
              send(acme, "POST", "/v1/erasures", "{\"number\":\"99999\",\"tenant\":" + text + "}"),
              send(acme, "POST", "/v1/api-keys", "{\"name\":\"x\",\"scopes\":[" + text + "]}"),
              send(
                  acme,
                  "POST",
                  "/v1/api-keys",
                  "{\"name\":\"x\",\"scopes\":[\"ops\"],\"tenant\":" + text + "}"),
              with(acme, "DELETE", "/v1/api-keys/" + path),
              with(acme, "DELETE", "/v1/calls/" + path),
              with(acme, "DELETE", "/v1/dead-letters/" + path),
              with("vk_" + sql.replace("\0", ""), "GET", "/v1/calls"))) {
        assertThat(answer.statusCode()).as(sql).isBetween(400, 409);
      }
    }
    unchanged();
  }
}
