package io.verbatim.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.record.CallRecords;
import io.verbatim.record.audit.AuditAction;
import io.verbatim.record.audit.AuditEntry;
import io.verbatim.record.audit.AuditLog;
import io.verbatim.record.audit.AuditOutcome;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The audit log over HTTP, on one database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AuditContract {

  private static final String OPERATOR = TestTokens.operator();

  private final TestDatabase database;
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway;

  AuditContract(TestDatabase database) {
    this.database = database;
    this.gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", database.url()));
  }

  @BeforeAll
  void connect() {
    await().until(() -> gateway.get("/v1/calls/unknown", OPERATOR).statusCode() == 404);
  }

  @AfterAll
  void close() {
    gateway.close();
    calls.close();
    bus.close();
    database.close();
  }

  private static String viewer(String tenant, String subject, String scopes) {
    return TestTokens.token(
        claims -> claims.subject(subject).claim("tenant_id", tenant).claim("scope", scopes));
  }

  private static String auditor(String tenant) {
    return viewer(tenant, "auditor", Viewer.OPS);
  }

  private JsonNode entries(String query, String token) {
    HttpResponse<String> answer = gateway.get("/v1/audit?" + query, token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  /// The entries of a tenant as `action object outcome actor`, newest first, without those of the
  /// auditor.
  private List<String> lines(String tenant) {
    List<String> lines = new ArrayList<>();
    for (JsonNode entry : entries("limit=500&tenant=" + tenant, OPERATOR).path("entries")) {
      if (!entry.path("object").asString().equals("audit")) {
        lines.add(
            "%s %s %s %s"
                .formatted(
                    entry.path("action").asString(),
                    entry.path("object").asString(),
                    entry.path("outcome").asString(),
                    entry.path("actor").asString()));
      }
    }
    return lines;
  }

  private HttpResponse<String> delete(String path, String token) {
    return gateway.send(gateway.request(path, token).DELETE());
  }

  private HttpResponse<String> post(String path, String token, String body) {
    return gateway.send(gateway.request(path, token).POST(BodyPublishers.ofString(body)));
  }

  @Test
  void everyAction_isRecordedOnceWithActorObjectAndOutcome() {
    calls.begin("ours", "audited", "+911111122222").addFinal("private words").end();
    await().until(() -> database.storedCalls() >= 1);
    String agent = viewer("audited", "anna", Viewer.READ + " " + Viewer.ERASE);
    String operator = viewer("audited", "otto", Viewer.OPS + " " + Viewer.READ);

    gateway.get("/v1/calls/ours", agent);
    gateway.get("/v1/calls/ours/transcript?format=srt", agent);
    gateway.get("/v1/calls/theirs", agent);
    gateway.get("/v1/calls?state=all", agent);
    gateway.get("/v1/search?q=private", agent);
    gateway.get("/v1/search?q=", agent);
    HttpResponse<String> made =
        post("/v1/api-keys", operator, "{\"name\":\"crm\",\"scopes\":[\"transcripts:read\"]}");
    JsonNode key = JsonMapper.shared().readTree(made.body());
    String id = key.path("id").asString();
    delete("/v1/api-keys/" + id, operator);
    delete("/v1/api-keys/" + key.path("key").asString(), operator);
    delete("/v1/dead-letters", operator);
    delete("/v1/dead-letters/1-1", operator);
    delete("/v1/calls/ours", agent);
    post("/v1/erasures", agent, "{\"number\":\"+911111122222\"}");

    await()
        .untilAsserted(() ->
            assertThat(lines("audited"))
                .hasSize(12)
                .contains(
                    "read call:ours ok token:anna",
                    "export call:ours ok token:anna",
                    "read call:theirs not_found token:anna",
                    "read calls ok token:anna",
                    "search calls ok token:anna",
                    "create_key key:" + id + " ok token:otto",
                    "revoke_key key:" + id + " ok token:otto",
                    "revoke_key key:? not_found token:otto",
                    "delete_dead_letters dead_letters ok token:otto",
                    "delete_dead_letters dead_letter:1-1 not_found token:otto",
                    "erase call:ours ok token:anna"));
    String all = gateway.get("/v1/audit?tenant=audited", OPERATOR).body();
    assertThat(all)
        .contains("\"address\":\"127.0.0.1\"")
        .doesNotContain("private", "1111122222", key.path("key").asString());
  }

  @Test
  void actionOfKey_hasItsIdAndNoSecret() {
    JsonNode key =
        JsonMapper.shared()
            .readTree(
                post(
                        "/v1/api-keys",
                        OPERATOR,
                        "{\"name\":\"crm\",\"tenant\":\"keyed\",\"scopes\":[\"transcripts:read\"]}")
                    .body());
    String secret = key.path("key").asString();
    await().until(() -> gateway.get("/v1/calls", "", "x-api-key", secret).statusCode() == 200);

    delete("/v1/api-keys/" + key.path("id").asString(), OPERATOR);

    String id = "key:" + key.path("id").asString();
    await()
        .untilAsserted(() ->
            assertThat(lines("keyed"))
                .containsExactlyInAnyOrder(
                    "read calls ok " + id,
                    "create_key " + id + " ok token:agent-7",
                    "revoke_key " + id + " ok token:agent-7"));
    assertThat(gateway.get("/v1/audit?tenant=keyed", OPERATOR).body()).doesNotContain(secret);
  }

  @Test
  void reconnectingStream_isRecordedOnceForEachViewer() {
    calls.begin("watched", "busy").addFinal("hello");
    for (String subject : List.of("a", "b")) {
      for (int time = 0; time < 20; time++) {
        try (EventReader stream =
            gateway.events(
                "/v1/calls/watched/transcript?format=sse", viewer("busy", subject, Viewer.READ))) {
          stream.awaitFinals("hello");
        }
      }
    }
    gateway.events("/v1/live?call=watched", viewer("busy", "a", Viewer.READ)).close();
    delete("/v1/calls/watched", viewer("busy", "c", Viewer.ERASE));
    delete("/v1/calls/watched", viewer("busy", "c", Viewer.ERASE));

    await()
        .untilAsserted(() ->
            assertThat(lines("busy"))
                .containsExactlyInAnyOrder(
                    "read call:watched ok token:a",
                    "read call:watched ok token:b",
                    "erase call:watched refused token:c",
                    "erase call:watched refused token:c"));
  }

  @Test
  void operatorOfAllTenants_isRecordedWithTheTenantOfTheCall() {
    calls.begin("inspected", "visited").addFinal("hello");

    gateway.get("/v1/calls/inspected", OPERATOR);

    await()
        .untilAsserted(() ->
            assertThat(lines("visited")).containsExactly("read call:inspected ok token:agent-7"));
    assertThat(entries("", auditor("visited")).path("entries")).isNotEmpty();
    assertThat(gateway.get("/v1/audit", auditor("hooli")).body()).doesNotContain("inspected");
  }

  @Test
  void pages_coverAllEntriesOnceNewestFirst() {
    AuditLog log = gateway.bean(CallRecords.class).parts().orElseThrow().audit();
    Instant base = Instant.parse("2126-01-01T00:00:00Z");
    for (int entry = 0; entry < 25; entry++) {
      log.add(
          new AuditEntry(
              base.plusSeconds(entry / 3),
              "paged",
              "token:t",
              entry % 5 == 0 ? AuditAction.ERASE : AuditAction.REVOKE_KEY,
              "key:" + entry,
              AuditOutcome.OK,
              "127.0.0.1"));
    }
    await()
        .until(
            () -> database.number("select count(*) from audit_entry where tenant = 'paged'") == 25);

    List<String> objects = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = entries("tenant=paged&limit=7" + after, OPERATOR);
      for (JsonNode entry : page.path("entries")) {
        objects.add(entry.path("object").asString());
        times.add(Instant.parse(entry.path("at").asString()));
      }
      after = page.path("next").isNull() ? "" : "&after=" + page.path("next").asString();
    } while (!after.isEmpty());

    assertThat(objects).hasSize(25).doesNotHaveDuplicates();
    assertThat(times).isSortedAccordingTo((first, second) -> second.compareTo(first));
    assertThat(entries("tenant=paged&action=erase", OPERATOR).path("entries")).hasSize(5);
    assertThat(
            entries("tenant=paged&from=2126-01-01T00:00:02Z&to=2126-01-01T00:00:04Z", OPERATOR)
                .path("entries"))
        .hasSize(6);
    assertThat(entries("tenant=paged&to=2126-01-01", OPERATOR).path("entries")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "from=yesterday, from",
    "to=2026-13-01, to",
    "from=0001-01-01, from",
    "action=readd, action",
    "action=READ, action",
    "limit=0, limit",
    "limit=501, limit",
    "after=1, after",
    "after=1-1'%20or%20'1'='1, after",
    "after=999999999999999999-1, after",
  })
  void badParameter_isRefusedByName(String query, String parameter) {
    HttpResponse<String> answer = gateway.get("/v1/audit?" + query, OPERATOR);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(JsonMapper.shared().readTree(answer.body()).path("parameter").asString())
        .isEqualTo(parameter);
  }

  @Test
  void otherTenantAndOtherScopes_areRefused() {
    assertThat(gateway.get("/v1/audit?tenant=busy", auditor("visited")).statusCode())
        .isEqualTo(404);
    assertThat(
            gateway
                .get("/v1/audit", viewer("busy", "a", Viewer.READ + " " + Viewer.USAGE))
                .statusCode())
        .isEqualTo(403);
    assertThat(gateway.get("/v1/audit", "").statusCode()).isEqualTo(401);
    assertThat(entries("tenant=%27%20or%20%271%27=%271", OPERATOR).path("entries")).isEmpty();
  }
}
