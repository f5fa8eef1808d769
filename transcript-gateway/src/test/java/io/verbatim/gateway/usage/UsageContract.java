package io.verbatim.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.record.CallRecords;
import io.verbatim.record.usage.UsageCounter;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The usage over HTTP, on one database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UsageContract {

  private static final String ACME = accountant("acme");

  private final TestDatabase database;
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway;

  UsageContract(TestDatabase database) {
    this.database = database;
    this.gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", database.url()));
  }

  private static String accountant(String tenant) {
    return TestTokens.token(
        claims -> claims.claim("tenant_id", tenant).claim("scope", Viewer.USAGE));
  }

  @BeforeAll
  void archive() {
    calls
        .begin("acme-1", "acme")
        .addFinal(Words.sentence("a", 0, 0, 1_237, "three words here"))
        .addGap(2_000, "log_lost")
        .end();
    calls.begin("acme-2", "acme").addFinal("one").addSilence().end();
    calls.begin("globex-1", "globex").addFinal("one").end();
    calls.begin("formula", "=1+1").addFinal("one").end();
    calls.begin("still-live", "acme").addFinal("not counted");
    await().until(() -> database.storedCalls() == 4);
  }

  @AfterAll
  void close() {
    gateway.close();
    calls.close();
    bus.close();
    database.close();
  }

  @Test
  void usageOfTenant_equalsTheLedgersOfItsCalls() {
    JsonNode rows = json(gateway.get("/v1/usage", ACME)).path("usage");

    assertThat(rows).hasSize(1);
    JsonNode row = rows.path(0);
    assertThat(row.path("period").asString()).isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
    assertThat(row.path("tenant").asString()).isEqualTo("acme");
    assertThat(row.path("kind").asString()).isEqualTo("pcm");
    assertThat(row.path("calls").asLong()).isEqualTo(2);
    for (String field : new String[] {"receivedMs", "transcribedMs", "gapMs", "sentMs", "finals"}) {
      assertThat(row.path(field).asLong())
          .as(field)
          .isEqualTo(ledger("acme-1", field) + ledger("acme-2", field));
    }
    assertThat(row.path("receivedMs").asLong()).isEqualTo(4_000);
    assertThat(row.path("gapMs").asLong()).isEqualTo(763);
    assertThat(row.path("words").asLong()).isEqualTo(4);
  }

  private long ledger(String call, String field) {
    return json(gateway.get("/v1/calls/" + call, TestTokens.agentOf("acme"))).path(field).asLong();
  }

  @Test
  void operator_seesAllTenantsOrOne() {
    String operator = TestTokens.operator();

    assertThat(json(gateway.get("/v1/usage", operator)).path("usage"))
        .filteredOn(row -> row.path("calls").asLong() > 0)
        .hasSize(3);
    assertThat(json(gateway.get("/v1/usage?tenant=globex", operator)).path("usage")).hasSize(1);
    assertThat(json(gateway.get("/v1/usage?tenant=other", operator)).path("usage")).isEmpty();
    assertThat(json(gateway.get("/v1/usage?to=2020-01-01", operator)).path("usage")).isEmpty();
  }

  @Test
  void csv_hasOneLineForEachRowAndNoFormulas() {
    HttpResponse<String> answer =
        gateway.get("/v1/usage", TestTokens.operator(), "Accept", "text/csv");
    String today = LocalDate.now(ZoneOffset.UTC).toString();

    assertThat(answer.headers().firstValue("Content-Type")).contains("text/csv;charset=utf-8");
    assertThat(answer.body().lines())
        .filteredOn(line -> !line.contains(",0,0,0,0,0,0,0,0,"))
        .hasSize(4)
        .contains(
            "period,tenant,kind,calls,received_ms,transcribed_ms,gap_ms,sent_ms,replayed_ms,finals,words,batch_jobs,translations",
            today + ",\"acme\",pcm,2,4000,3237,763,0,0,2,4,0,0",
            today + ",\"'=1+1\",pcm,1,1000,1000,0,0,0,1,1,0,0");
    assertThat(gateway.get("/v1/usage?format=csv", ACME).body().lines()).hasSize(2);
  }

  @Test
  void otherWork_isCountedInTheDayOfItsTenant() {
    UsageCounter counter = gateway.bean(CallRecords.class).parts().orElseThrow().usageCounter();
    for (int recording = 0; recording < 3; recording++) {
      counter.recording("initech", "whisper");
    }
    for (int translation = 0; translation < 42; translation++) {
      counter.translation("initech");
    }
    counter.recording("hooli", "whisper");

    String initech = accountant("initech");
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    await()
        .untilAsserted(() ->
            assertThat(gateway.get("/v1/usage?format=csv", initech).body().lines().skip(1))
                .containsExactly(
                    today + ",\"initech\",translation,0,0,0,0,0,0,0,0,0,42",
                    today + ",\"initech\",whisper,0,0,0,0,0,0,0,0,3,0"));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/usage?tenant=globex, 404",
    "/v1/usage?from=yesterday, 400",
    "/v1/usage?from=2026-13-01, 400",
    "/v1/usage?from=0001-01-01, 400",
    "/v1/usage?from=%2B99999-01-01, 400",
    "/v1/usage?from=2026-02-01&to=2026-01-01, 400",
    "/v1/usage?from=1990-01-01&to=2026-01-01, 400",
    "/v1/usage?format=xml, 400",
    "/v1/usage?from=2026-01-01'%20or%20'1'='1, 400",
  })
  void badRequest_isRefused(String path, int status) {
    HttpResponse<String> answer = gateway.get(path, ACME);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("\"globex\",");
  }

  @ParameterizedTest
  @CsvSource({
    "%27%20or%20%271%27=%271",
    "acme%27--",
    "%25",
    "_cme",
    "acme%00",
    "%27;drop%20table%20archived_call;--"
  })
  void sqlInTenant_matchesNothing(String tenant) {
    HttpResponse<String> answer = gateway.get("/v1/usage?tenant=" + tenant, TestTokens.operator());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).path("usage")).isEmpty();
    assertThat(database.storedCalls()).isEqualTo(4);
  }

  @Test
  void agentWithoutScope_isRefused() {
    HttpResponse<String> answer = gateway.get("/v1/usage", TestTokens.agentOf("acme"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("missing_scope", "usage:read");
    assertThat(gateway.get("/v1/usage", "").statusCode()).isEqualTo(401);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }
}
