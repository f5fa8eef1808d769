package io.verbatim.bench.search;

import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Machine;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.ServiceJar;
import io.verbatim.testkit.postgres.PostgresServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Measures searches over archived calls in Postgres, by HTTP and one after the other: frequent and
/// rare words, several words, first and later pages, and words that a tenant never said.
public final class SearchPart {
  private static final int LATER_PAGE = 60;
  private static final double MAX_P95_MILLIS = 200;
  private static final Duration SCHEMA_LIMIT = Duration.ofMinutes(1);

  private final Workspace workspace;
  private final Options options;
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final Random random = new Random(1);
  private final Latencies all = new Latencies();
  private final int calls;
  private final int requests;

  public SearchPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
    this.calls = options.number("--calls", 100_000);
    this.requests = options.number("--requests", 200);
  }

  /// Runs the part.
  public Table run() {
    Table table = new Table("search", "Search", "Hits of a page", "ms: p50 / p95 / max");
    try (PostgresServer postgres = PostgresServer.startDurable();
        Redis redis = Redis.start(workspace, "redis-search")) {
      PostgresServer.Database database = postgres.create();
      try (Service gateway =
          Service.start(
              workspace,
              ServiceJar.GATEWAY,
              redis,
              Map.of(
                  "JWT_PUBLIC_KEY",
                  keys.publicKeyPem(),
                  "DATABASE_URL",
                  database.url(),
                  "ARCHIVE_RETENTION",
                  "3650d",
                  "REQUESTS_PER_SECOND",
                  "100000"),
              options.javaOptions(),
              null)) {
        gateway.awaitReady();
        Workspace.await(
            "the gateway has created the tables",
            SCHEMA_LIMIT,
            () -> gateway.metric("verbatim_gateway_database_connected", "") == 1);
        new GeneratedArchive(database, calls).generate();
        Machine.awaitQuiet(options, redis.process(), gateway.process());
        rows(table, new Searches(gateway));
      }
    }
    table.row("all of these", "", summary(all));
    if (all.percentileMillis(0.95) > MAX_P95_MILLIS) {
      table.failure("The p95 of all searches is above %.0f ms.".formatted(MAX_P95_MILLIS));
    }
    table.note(
        "%d archived calls with %d lines of %d words from a vocabulary of %d, whose frequencies fall as 1/rank; one call in 100 is of the small tenant. %d requests per row, one after the other, each for 20 hits. Postgres runs on the same processors, with 16 MB of shared buffers."
            .formatted(
                calls,
                calls * GeneratedArchive.LINES_PER_CALL,
                GeneratedArchive.WORDS_PER_LINE,
                GeneratedArchive.VOCABULARY,
                requests));
    return table;
  }

  private void rows(Table table, Searches searches) {
    String large = GeneratedArchive.LARGE_TENANT;
    String small = GeneratedArchive.SMALL_TENANT;
    Supplier<String> frequent = () -> word(1, 10);
    Supplier<String> rare = () -> word(2_000, GeneratedArchive.VOCABULARY);
    searches.warmUp(large, frequent);
    row(table, searches, "a frequent word", large, frequent);
    row(table, searches, "a word of 1 line in 100", large, () -> word(130, 180));
    row(table, searches, "a rare word", large, rare);
    row(table, searches, "a frequent and a rare word", large, () -> word(1, 10) + " " + rare.get());
    row(
        table,
        searches,
        "two frequent words, one after the other",
        large,
        () -> '"' + word(1, 10) + " " + word(1, 10) + '"');
    row(table, searches, "a word that no one said", large, () -> "absent" + word(1, 1_000));
    row(table, searches, "small tenant, a frequent word", small, frequent);
    row(table, searches, "small tenant, a rare word", small, rare);
    row(
        table,
        searches,
        "small tenant, a word in every line of the other",
        small,
        () -> GeneratedArchive.TENANT_WORD);
    String query = GeneratedArchive.word(1);
    String after = searches.cursorOfPage(large, query, LATER_PAGE);
    measure(table, "page 1 of one word", () -> searches.page(large, query, null));
    measure(
        table,
        "page " + LATER_PAGE + " of the same word",
        () -> searches.page(large, query, after));
  }

  private String word(int from, int to) {
    return GeneratedArchive.word(random.nextInt(from, to + 1));
  }

  private void row(
      Table table, Searches searches, String name, String tenant, Supplier<String> query) {
    measure(table, name, () -> searches.page(tenant, query.get(), null));
  }

  private void measure(Table table, String name, Supplier<JsonNode> page) {
    Latencies latencies = new Latencies();
    long hits = 0;
    for (int i = 0; i < requests; i++) {
      long started = System.nanoTime();
      JsonNode answer = page.get();
      latencies.record(System.nanoTime() - started);
      hits += answer.path("hits").size();
    }
    all.add(latencies);
    table.row(name, Numbers.number((double) hits / requests), summary(latencies));
  }

  private static String summary(Latencies latencies) {
    return "%s / %s / %s"
        .formatted(
            Numbers.number(latencies.percentileMillis(0.50)),
            Numbers.number(latencies.percentileMillis(0.95)),
            Numbers.number(latencies.maxMillis()));
  }

  /// The requests of one run.
  private final class Searches {
    private static final int WARM_UP = 100;

    private final Service gateway;
    private final Map<String, String> tokens;

    Searches(Service gateway) {
      this.gateway = gateway;
      this.tokens =
          Map.of(
              GeneratedArchive.LARGE_TENANT, token(GeneratedArchive.LARGE_TENANT),
              GeneratedArchive.SMALL_TENANT, token(GeneratedArchive.SMALL_TENANT));
    }

    private String token(String tenant) {
      return keys.token("transcripts:read", tenant, Duration.ofHours(6));
    }

    void warmUp(String tenant, Supplier<String> query) {
      for (int i = 0; i < WARM_UP; i++) {
        page(tenant, query.get(), null);
      }
    }

    /// The cursor from which a page begins.
    String cursorOfPage(String tenant, String query, int number) {
      @Nullable String after = null;
      for (int page = 1; page < number; page++) {
        after = page(tenant, query, after).path("next").asString("");
        if (after.isEmpty()) {
          throw new BenchException("The word has only " + page + " pages of hits.");
        }
      }
      return String.valueOf(after);
    }

    JsonNode page(String tenant, String query, @Nullable String after) {
      String path =
          "/v1/search?q=" + encoded(query) + (after == null ? "" : "&after=" + encoded(after));
      return gateway.json(path, String.valueOf(tokens.get(tenant)));
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }
}
