package io.verbatim.gateway.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The search over HTTP, on one database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SearchContract {

  private static final String ACME = TestTokens.agentOf("acme");

  private final TestDatabase database;
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final RunningGateway gateway;

  SearchContract(TestDatabase database) {
    this.database = database;
    this.gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", database.url()));
  }

  @BeforeAll
  void archive() {
    calls
        .begin("refund", "acme")
        .addFinal("I would like a refund for my order")
        .addFinal("the refund was for the blue kettle")
        .addFinal("<b>bold</b> & 'quoted' 100%")
        .end();
    TestCall stereo = calls.beginStereo("stereo", "acme");
    stereo.addFinal(Words.words("a", 0, 0, 1_000, "which kettle do you mean"));
    stereo.addFinal(Words.words("b", 1, 0, 1_500, "the red kettle")).end();
    calls.begin("many", "acme").addLines(600).end();
    calls.begin("foreign", "globex").addFinal("a secret refund").end();
    await().until(() -> database.storedCalls() == 4);
    calls.begin("live", "acme").addFinal("my kettle is live");
    calls.begin("live-foreign", "globex").addFinal("a secret kettle");
  }

  @AfterAll
  void close() {
    gateway.close();
    calls.close();
    bus.close();
    database.close();
  }

  private JsonNode search(String token, String query) {
    HttpResponse<String> answer = gateway.get("/v1/search?" + query, token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private static List<String> texts(JsonNode found) {
    List<String> texts = new ArrayList<>();
    found.path("hits").forEach(hit -> texts.add(hit.path("text").asString()));
    return texts;
  }

  @Test
  void word_isFoundInArchivedAndLiveCallsOfTheTenant() {
    JsonNode found = search(ACME, "q=kettle");

    assertThat(texts(found))
        .containsExactlyInAnyOrder(
            "my kettle is live",
            "the refund was for the blue kettle",
            "which kettle do you mean",
            "the red kettle");
    assertThat(found.path("hits").path(0).path("state").asString()).isEqualTo("live");
    assertThat(found.path("next").isNull()).isTrue();
  }

  @Test
  void hit_hasItsPlaceAndItsMatches() {
    JsonNode hit = search(ACME, "q=blue+kettle").path("hits").path(0);

    assertThat(hit.path("callId").asString()).isEqualTo("refund");
    assertThat(hit.path("seq").asLong()).isEqualTo(2);
    assertThat(hit.path("startMs").asLong()).isEqualTo(1_000);
    assertThat(hit.path("endMs").asLong()).isEqualTo(2_000);
    String text = hit.path("text").asString();
    List<String> marked = new ArrayList<>();
    hit.path("matches")
        .forEach(match ->
            marked.add(text.substring(match.path("from").asInt(), match.path("to").asInt())));
    assertThat(marked).containsExactly("blue", "kettle");
  }

  @ParameterizedTest
  @CsvSource({
    "REFUND, 2",
    "refund -order, 1",
    "\"blue kettle\", 1",
    "\"kettle blue\", 0",
    "refund kettle, 1",
    "nothing, 0",
    "-kettle, 0",
    "order or blue, 2",
    "order or nothing, 1",
    "refund blue or refund order, 2",
    "order or kettle, 5",
    "live OR order, 2",
    "kettle -blue or order, 4",
    "order or -kettle, 1",
    "\"\"\", 0",
  })
  void query_matchesLines(String query, int hits) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);

    assertThat(texts(search(ACME, "q=" + encoded))).hasSize(hits);
  }

  @Test
  void filters_narrowTheHits() {
    assertThat(texts(search(ACME, "q=kettle&speaker=2"))).containsExactly("the red kettle");
    assertThat(texts(search(ACME, "q=kettle&to=2020-01-01"))).isEmpty();
    assertThat(texts(search(ACME, "q=kettle&from=2020-01-01T00:00:00Z"))).hasSize(4);
    assertThat(texts(search(TestTokens.operator(), "q=refund"))).hasSize(3);
    assertThat(texts(search(TestTokens.operator(), "q=refund&tenant=globex")))
        .containsExactly("a secret refund");
  }

  @Test
  void pages_containEveryHitOnce() {
    HashSet<Long> found = new HashSet<>();
    String after = "";
    int pages = 0;
    do {
      JsonNode page = search(ACME, "q=line&limit=70" + after);
      page.path("hits").forEach(hit -> assertThat(found.add(hit.path("seq").asLong())).isTrue());
      after = page.path("next").isNull() ? "" : "&after=" + page.path("next").asString();
      pages++;
    } while (!after.isEmpty());

    assertThat(found).hasSize(600);
    assertThat(pages).isLessThanOrEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "q=refund&tenant=globex",
        "q=",
        "",
        "q=x&limit=0",
        "q=x&limit=101",
        "q=x&speaker=0",
        "q=x&speaker=1;drop",
        "q=x&from=yesterday",
        "q=x&after=1-2-3",
        "q=x&after=1-2-3-4%27",
        "q=x&after=999999999999999999-1-1-1",
      })
  void badRequest_isRefused(String query) {
    HttpResponse<String> answer = gateway.get("/v1/search?" + query, ACME);

    assertThat(answer.statusCode()).isIn(400, 404);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' or '1'='1",
        "refund'); drop table archived_line; --",
        "%",
        "_",
        "\\",
        "a & b | !c <-> (d:*)",
        "\u0000",
        "((((((((",
        "' union select hash from api_key --",
      })
  void sqlInQuery_isSearchedAsText(String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);

    JsonNode found = search(ACME, "q=" + encoded);

    assertThat(texts(found)).allSatisfy(text -> assertThat(text).doesNotContain("secret"));
    assertThat(database.number("select count(*) from archived_line")).isEqualTo(606);
  }

  @Test
  void searchWithoutToken_isRefused() {
    assertThat(gateway.get("/v1/search?q=refund", "").statusCode()).isEqualTo(401);
  }

  @Test
  void pageOfTheSearch_isServed() {
    assertThat(gateway.get("/search", "").body()).contains("Search all calls");
    assertThat(gateway.get("/usage", "").body()).contains("usage.js");
    assertThat(gateway.get("/search.js", "").statusCode()).isEqualTo(200);
  }
}
