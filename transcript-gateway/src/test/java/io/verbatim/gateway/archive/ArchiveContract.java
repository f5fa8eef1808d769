package io.verbatim.gateway.archive;

import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.RecognizerStatus;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests for calls that are no longer in the log are answered from the archive.
///
/// One gateway archives the calls of a first log. A `later` gateway, with the same database and an
/// empty log, answers requests for them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ArchiveContract {

  private static final List<String> FORMATS = List.of("json", "txt", "vtt", "srt");
  private static final String ACME = TestTokens.agentOf("acme");
  private static final String GLOBEX = TestTokens.agentOf("globex");

  private final TestDatabase database;
  private final InMemoryBus laterBus = new InMemoryBus();
  private final CallFixture laterCalls = new CallFixture(laterBus);
  private final Map<String, String> answers = new TreeMap<>();
  private RunningGateway later;

  ArchiveContract(TestDatabase database) {
    this.database = database;
    this.later = RunningGateway.on(laterBus, Map.of("DATABASE_URL", database.url()));
  }

  @BeforeAll
  void archive() {
    try (InMemoryBus bus = new InMemoryBus();
        CallFixture calls = new CallFixture(bus);
        RunningGateway gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", database.url()))) {
      calls
          .begin("short", "acme")
          .setRecognizer(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "nova-3", ""))
          .addFinal("hello \0 and \uD800 goodbye")
          .addGap(3_000, "log_lost")
          .addSilence()
          .endUnconfirmed(words("u", 4_000, 5_000, "perhaps"));
      TestCall stereo = calls.beginStereo("stereo", "acme");
      stereo.addFinal(Words.words("a", 0, 0, 1_000, "left"));
      stereo.addFinal(Words.words("b", 1, 0, 1_500, "right")).end();
      calls.begin("long", "acme").addLines(1_234).end();
      calls.begin("empty", "acme").end();
      calls.begin("globex-id", "globex").addFinal("secret").end();
      calls.begin("two-tenants", "globex").addFinal("secret").end();
      for (int call = 1; call <= 4; call++) {
        calls.begin("listed-" + call, "initech").addFinal("one").end();
      }
      calls.begin("live", "acme").addFinal("still talking");
      await().until(() -> database.storedCalls() == 10);
      for (String call : List.of("short", "stereo", "long", "empty")) {
        paths(call).forEach(path -> answers.put(path, answer(gateway, path)));
      }
    }
    // The first gateway is closed: it would archive a call again whose start it does not find.
    for (int call = 1; call <= 4; call++) {
      database.execute(
          "update archived_call set started_at = timestamp with time zone '2026-01-0%d 10:00:00+00'"
                  .formatted(call)
              + " where call_id = 'listed-"
              + call
              + "'");
    }
    await().until(() -> later.get("/v1/calls/short", ACME).statusCode() == 200);
  }

  private static List<String> paths(String call) {
    String path = "/v1/calls/" + call;
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(path, path + "/transcript?format=sse"),
            FORMATS.stream().map(format -> path + "/transcript?format=" + format))
        .toList();
  }

  /// The answer, with times cut to microseconds, because databases store no finer ones.
  private static String answer(RunningGateway gateway, String path) {
    return gateway.get(path, ACME).body().replaceAll("(\\.[0-9]{6})[0-9]{3}Z", "$1Z");
  }

  @AfterAll
  void close() {
    later.close();
    laterCalls.close();
    laterBus.close();
    database.close();
  }

  @Test
  void archivedCall_isAnsweredAsFromTheLog() {
    assertThat(answers).hasSize(24); // Six paths of four calls.
    answers.forEach((path, before) -> assertThat(answer(later, path)).as(path).isEqualTo(before));
    assertThat(answers.get("/v1/calls/short/transcript?format=sse"))
        .startsWith("retry: 2000\n\n")
        .contains("event: gap", "event: ended")
        .doesNotContain("caught-up");
  }

  @Test
  void archivedStream_isResumedAfterLastEventId() {
    List<EventReader.Event> all =
        later.events("/v1/calls/long/transcript?format=sse", ACME).awaitEnd().events();
    assertThat(all).hasSize(1_235);
    String middle = all.get(617).id();

    EventReader rest =
        later
            .events("/v1/calls/long/transcript?format=sse", ACME, "Last-Event-ID", middle)
            .awaitEnd();

    assertThat(rest.events()).isEqualTo(all.subList(618, 1_235));
    String end = all.getLast().id();
    assertThat(
            later
                .get("/v1/calls/long/transcript?format=sse", ACME, "Last-Event-ID", end)
                .statusCode())
        .isEqualTo(204);
  }

  @Test
  void archivedStream_withUnknownLastEventId_isResynced() {
    EventReader stream =
        later
            .events(
                "/v1/calls/short/transcript?format=sse", ACME, "Last-Event-ID", "77-0.0123456789ab")
            .awaitEnd();

    assertThat(stream.names()).containsExactly("resync", "final", "gap", "final", "ended");
  }

  @Test
  void page_getsCallAndTranscript() {
    try (EventReader page = later.events("/v1/live?call=short", ACME)) {
      page.awaitEvent("ended");

      EventReader.Event call =
          page.named("call").stream()
              .filter(event -> event.text("callId").equals("short"))
              .findFirst()
              .orElseThrow();
      assertThat(call.text("state")).isEqualTo("ended");
      assertThat(call.text("from")).isEqualTo("…7890");
      assertThat(page.named("final"))
          .filteredOn(event -> event.text("callId").equals("short"))
          .hasSize(2);
      assertThat(page.isOver()).isFalse();
    }
  }

  @Test
  void list_hasArchivedCalls() {
    String token = TestTokens.agentOf("initech");
    List<String> ended = ids(later.get("/v1/calls?state=ended", token));

    assertThat(ended).containsExactly("listed-4", "listed-3", "listed-2", "listed-1");
    assertThat(ids(later.get("/v1/calls?state=ended&limit=2", token)))
        .isEqualTo(ended.subList(0, 2));
    String started = json(later.get("/v1/calls/listed-3", token)).path("startedAt").asString();
    assertThat(ids(later.get("/v1/calls?state=ended&before=" + started, token)))
        .isEqualTo(ended.subList(2, 4));
    assertThat(ids(later.get("/v1/calls?state=live", token))).isEmpty();
    assertThat(ids(later.get("/v1/calls?state=all", TestTokens.operator())))
        .containsAll(ended)
        .contains("short", "globex-id");
    assertThat(later.get("/v1/calls?state=ended&before=yesterday", token).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/calls/globex-id",
    "/v1/calls/globex-id/transcript?format=json",
    "/v1/calls/globex-id/transcript?format=srt",
    "/v1/calls/never/transcript?format=txt",
    "/v1/calls/live",
  })
  void callOfOtherTenantOrNotArchived_isNotFound(String path) {
    HttpResponse<String> answer = later.get(path, ACME);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  void idOfTwoTenants_returnsEachTenantsOwnCall() {
    TestCall own = laterCalls.begin("two-tenants", "acme").addFinal("mine");

    assertThat(later.get("/v1/calls/two-tenants/transcript?format=txt", ACME).body())
        .contains("mine")
        .doesNotContain("secret");
    assertThat(later.get("/v1/calls/two-tenants/transcript?format=txt", GLOBEX).body())
        .contains("secret")
        .doesNotContain("mine");
    assertThat(
            later.events("/v1/calls/two-tenants/transcript?format=sse", GLOBEX).awaitEnd().finals())
        .containsExactly("secret");
    own.end();
    await().until(() -> database.storedCalls() == 11);
    assertThat(
            later.get("/v1/calls/two-tenants/transcript?format=txt", TestTokens.operator()).body())
        .contains("mine");
  }

  @Test
  void streamOfUnknownCall_waitsUntilTheCallBegins() {
    try (EventReader stream = later.events("/v1/calls/next/transcript?format=sse", ACME)) {
      assertThat(stream.status()).isEqualTo(200);
      laterCalls.begin("next", "acme").addFinal("hello");

      stream.awaitFinals("hello");
    }
  }

  private static List<String> ids(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    List<String> ids = new java.util.ArrayList<>();
    json(answer).path("calls").forEach(call -> ids.add(call.path("callId").asString()));
    return ids;
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }
}
