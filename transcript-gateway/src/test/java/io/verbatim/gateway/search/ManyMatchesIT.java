package io.verbatim.gateway.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A search in Postgres whose matches are neither few nor in the newest calls.
class ManyMatchesIT {

  private static final String CALLS =
      "insert into archived_call (call_id, tenant, started_at, started_day, ended_at, line,"
          + " content, source, format, language, complete, finals, words, unconfirmed, claims,"
          + " received_bytes, lost_bytes, sent_bytes, covered_bytes, gap_bytes, received_ms,"
          + " transcribed_ms, gap_ms, sent_ms, body_bytes) select '%s' || n, 'acme', timestamptz"
          + " '%s' + n * interval '1 second', date '%s', now(), 'x', 'stored', 'pcm',"
          + " 'pcm16/8000/1', 'en', true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from"
          + " generate_series(1, %d) n";
  private static final String LINES =
      "insert into archived_line (call_ref, seq, start_ms, end_ms, speaker, config, text, search)"
          + " select id, s, s, s, 1, 'english', 'the gadget ' || s, to_tsvector('english', 'the"
          + " gadget ' || s) || array_to_tsvector(array['tenant' || md5('acme')]) from"
          + " archived_call, generate_series(1, 55) s where call_id like 'old%'";

  /// One line in the first calls of a kind.
  private static final String LINE =
      "insert into archived_line (call_ref, seq, start_ms, end_ms, speaker, config, text, search)"
          + " select id, 1, 1, 1, 1, 'english', 'a widget', to_tsvector('english', 'a widget') ||"
          + " array_to_tsvector(array['tenant' || md5('acme')]) from archived_call where call_id"
          + " like '%s%%' order by id limit %d";

  @Test
  void matchesOfOlderCalls_areFoundOnAllPages() {
    try (TestDatabase database = TestDatabase.postgres();
        InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", database.url()))) {
      await().until(() -> gateway.get("/health", "").body().contains("\"ok\""));
      database.execute(CALLS.formatted("old", "2026-01-01", "2026-01-01", 100));
      database.execute(CALLS.formatted("new", "2026-06-01", "2026-06-01", 600));
      database.execute(LINES);

      JsonNode first = search(gateway, "q=gadget&limit=100");
      JsonNode second =
          search(gateway, "q=gadget&limit=100&after=" + first.path("next").asString());

      assertThat(first.path("hits")).hasSize(100);
      assertThat(second.path("hits")).hasSize(100);
      assertThat(second.path("next").isNull()).isFalse();
      assertThat(search(gateway, "q=gadget+17").path("hits")).hasSize(20);
      assertThat(search(gateway, "q=gadget&from=2026-02-01").path("hits")).isEmpty();
      assertThat(search(gateway, "q=gadget&speaker=2").path("hits")).isEmpty();
      assertThat(search(gateway, "q=gadget&to=2026-01-01T00:00:02Z&limit=100").path("hits"))
          .hasSize(55);
    }
  }

  @Test
  void wordOfSomeNewCalls_isFoundInOlderOnesToo() {
    try (TestDatabase database = TestDatabase.postgres();
        InMemoryBus bus = new InMemoryBus();
        RunningGateway gateway = RunningGateway.on(bus, Map.of("DATABASE_URL", database.url()))) {
      await().until(() -> gateway.get("/health", "").body().contains("\"ok\""));
      database.execute(CALLS.formatted("old", "2026-01-01", "2026-01-01", 600));
      database.execute(CALLS.formatted("new", "2026-06-01", "2026-06-01", 500));
      database.execute(LINE.formatted("new", 30));
      database.execute(LINE.formatted("old", 100));

      Set<String> found = new HashSet<>();
      String after = "";
      do {
        JsonNode page = search(gateway, "q=widget&limit=40" + after);
        page.path("hits")
            .forEach(hit -> assertThat(found.add(hit.path("callId").asString())).isTrue());
        after = page.path("next").isNull() ? "" : "&after=" + page.path("next").asString();
      } while (!after.isEmpty());

      assertThat(found).hasSize(130);
    }
  }

  private static JsonNode search(RunningGateway gateway, String query) {
    return JsonMapper.shared()
        .readTree(gateway.get("/v1/search?" + query, TestTokens.agentOf("acme")).body());
  }
}
