package io.verbatim.gateway.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Erasure over HTTP, on one database with two gateways.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ErasureContract {

  private static final String ACME =
      TestTokens.token(claims ->
          claims.claim("tenant_id", "acme").claim("scope", Viewer.READ + " " + Viewer.ERASE));

  final TestDatabase database;
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway;
  private final RunningGateway other;

  ErasureContract(TestDatabase database) {
    this.database = database;
    Map<String, Object> settings = Map.of("DATABASE_URL", database.url());
    this.gateway = RunningGateway.on(bus, settings);
    this.other = RunningGateway.on(bus, settings);
  }

  @BeforeAll
  void connect() {
    await().until(() -> gateway.get("/v1/calls/unknown", ACME).statusCode() == 404);
  }

  @AfterAll
  void close() {
    gateway.close();
    other.close();
    calls.close();
    bus.close();
    database.close();
  }

  private void archived(String id, String tenant, String from, String text) {
    calls.begin(id, tenant, from).addFinal(text).end();
    await()
        .until(() ->
            database.number(
                    "select count(*) from archived_call where line <> '' and call_id = '"
                        + id
                        + "'")
                == 1);
  }

  private HttpResponse<String> erase(String path, String token) {
    return gateway.send(gateway.request(path, token).DELETE());
  }

  private HttpResponse<String> eraseNumber(String body, String token) {
    return gateway.send(gateway.request("/v1/erasures", token).POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void erasedCall_isFoundNowhereAndStaysErased() {
    archived("gone", "acme", "+911111111111", "unforgettable words");

    HttpResponse<String> answer = erase("/v1/calls/gone", ACME);

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode proof = json(answer).path("erased").path(0);
    assertThat(proof.path("callId").asString()).isEqualTo("gone");
    assertThat(proof.path("erasedBy").asString()).isEqualTo("token:agent-7");
    for (RunningGateway asked : new RunningGateway[] {gateway, other}) {
      assertThat(asked.get("/v1/calls/gone", ACME).statusCode()).isEqualTo(404);
      assertThat(asked.get("/v1/calls/gone/transcript?format=json", ACME).statusCode())
          .isEqualTo(404);
      assertThat(asked.get("/v1/calls?state=all", ACME).body()).doesNotContain("\"gone\"");
      assertThat(asked.get("/v1/search?q=unforgettable", ACME).body())
          .doesNotContain("unforgettable");
    }
    assertThat(bus.calls().find(new CallId("gone")).toCompletableFuture().join()).isEmpty();
    assertThat(json(erase("/v1/calls/gone", ACME)).path("erased"))
        .isEqualTo(json(answer).path("erased"));
    assertThat(database.number("select sum(finals) from archived_call where call_id = 'gone'"))
        .isEqualTo(1);
  }

  @Test
  void openStreams_onAllGateways_areToldAndForget() {
    archived("watched", "acme", "+912222222222", "private");
    try (EventReader here = gateway.events("/v1/live?call=watched", ACME);
        EventReader there = other.events("/v1/live?call=watched", ACME)) {
      here.awaitEvent("ended");
      there.awaitEvent("ended");

      assertThat(erase("/v1/calls/watched", ACME).statusCode()).isEqualTo(200);

      assertThat(here.awaitEvent("erased").text("callId")).isEqualTo("watched");
      assertThat(there.awaitEvent("erased").text("callId")).isEqualTo("watched");
    }
  }

  @Test
  void liveCall_isNotErased() {
    calls.begin("busy", "acme", "+913333333333").addFinal("still here");

    HttpResponse<String> answer = erase("/v1/calls/busy", ACME);

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).path("code").asString()).isEqualTo("call_is_live");
    assertThat(gateway.get("/v1/calls/busy/transcript?format=txt", ACME).body())
        .contains("still here");
  }

  @Test
  void number_isErasedInAllCallsOfTheTenantOnly() {
    archived("n-1", "acme", "+914444444444", "one");
    archived("n-2", "acme", "04444444444", "two");
    archived("n-3", "acme", "+915555555555", "three");
    archived("n-4", "globex", "+914444444444", "four");
    calls.begin("n-5", "acme", "4444444444").addFinal("five");
    assertThat(stored("from_number like '%444444%' or to_number like '%800123%'")).isZero();
    assertThat(stored("from_number = '…4444' and from_hash is not null")).isEqualTo(3);

    JsonNode result = json(eraseNumber("{\"number\":\"+91 44444 44444\"}", ACME));

    assertThat(texts(result.path("erased"))).containsExactlyInAnyOrder("n-1", "n-2");
    assertThat(texts(result.path("live"))).containsExactly("n-5");
    assertThat(gateway.get("/v1/calls/n-1", ACME).statusCode()).isEqualTo(404);
    assertThat(gateway.get("/v1/calls/n-3", ACME).statusCode()).isEqualTo(200);
    assertThat(gateway.get("/v1/calls/n-4", TestTokens.operator()).statusCode()).isEqualTo(200);
    assertThat(
            stored(
                "call_id in ('n-1', 'n-2') and (from_number is not null or from_hash is not null or"
                    + " to_number is not null or to_hash is not null)"))
        .isZero();
    await()
        .until(() ->
            database.number(
                    "select count(*) from audit_entry where tenant = 'acme' and action = 'erase'"
                        + " and object like 'number:________________%' and outcome = 'ok'")
                >= 1);
    assertThat(texts(json(eraseNumber("{\"number\":\"4444444444\"}", ACME)).path("erased")))
        .isEmpty();
  }

  private long stored(String condition) {
    return database.number("select count(*) from archived_call where " + condition);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asString()));
    return texts;
  }

  @Test
  void callOfOtherTenant_isNotFoundAndStays() {
    archived("theirs", "globex", "+916666666666", "secret");

    assertThat(erase("/v1/calls/theirs", ACME).statusCode()).isEqualTo(404);
    assertThat(erase("/v1/calls/theirs?tenant=globex", ACME).statusCode()).isEqualTo(404);
    assertThat(eraseNumber("{\"number\":\"6666666666\",\"tenant\":\"globex\"}", ACME).statusCode())
        .isEqualTo(404);
    assertThat(gateway.get("/v1/calls/theirs", TestTokens.agentOf("globex")).statusCode())
        .isEqualTo(200);
    assertThat(erase("/v1/calls/theirs", TestTokens.operator()).statusCode()).isEqualTo(200);
    assertThat(gateway.get("/v1/calls/theirs", TestTokens.agentOf("globex")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void agentWithoutScope_isRefused() {
    String agent = TestTokens.agentOf("acme");

    assertThat(erase("/v1/calls/busy", agent).statusCode()).isEqualTo(403);
    assertThat(eraseNumber("{\"number\":\"4444444444\"}", agent).statusCode()).isEqualTo(403);
    assertThat(erase("/v1/calls/busy", "").statusCode()).isEqualTo(401);
    assertThat(erase("/v1/calls/never", ACME).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"number\":4444444444}",
        "{\"number\":\"12\"}",
        "{\"number\":\"%' or '1'='1\"}",
        "{\"number\":\"4444444444\",\"all\":true}",
      })
  void invalidRequest_isRefused(String body) {
    assertThat(eraseNumber(body, ACME).statusCode()).isEqualTo(400);
  }
}
