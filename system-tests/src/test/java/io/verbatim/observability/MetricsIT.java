package io.verbatim.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.AsrWorkerApplication;
import io.verbatim.gateway.GatewayApplication;
import io.verbatim.ingest.IngestApplication;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.service.MetricsServer;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;

/// The three services as they are after their start, before any call.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final RedisServer redis = RedisServer.startOwn();
  private final List<ConfigurableApplicationContext> services = new ArrayList<>();
  private List<String> scrapes = List.of();

  @BeforeAll
  void start(@TempDir Path directory) {
    LocalKeys keys = new LocalKeys(InstantSource.system());
    services.add(IngestApplication.start(settings("JWT_PUBLIC_KEY", keys.publicKeyPem())));
    Map<String, Object> worker = settings("DEEPGRAM_API_KEY", "key");
    worker.put("MAX_CALLS", 200); // More than DEEPGRAM_MAX_STREAMS, so that is the limit.
    services.add(AsrWorkerApplication.start(worker));
    Map<String, Object> gateway = settings("JWT_PUBLIC_KEY", keys.publicKeyPem());
    gateway.put("DATABASE_URL", "jdbc:h2:file:" + directory.resolve("calls"));
    services.add(GatewayApplication.start(gateway));
    await()
        .atMost(TIMEOUT)
        .until(() ->
            services.stream()
                .allMatch(
                    service -> scrape(service).contains("clients{client=\"ingest-service\"} 1.0")));
    scrapes = services.stream().map(MetricsIT::scrape).toList();
  }

  private Map<String, Object> settings(String name, String value) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("PORT", 0);
    settings.put("MANAGEMENT_PORT", 0);
    settings.put("server.address", "127.0.0.1");
    settings.put("REDIS_URL", redis.url());
    settings.put("LOG_LEVEL", "warn");
    settings.put("DRAIN_TIMEOUT", "1s");
    settings.put(name, value);
    return settings;
  }

  @AfterAll
  void close() {
    services.forEach(ConfigurableApplicationContext::close);
    redis.close();
  }

  private static String scrape(ConfigurableApplicationContext service) {
    int port = service.getBean(MetricsServer.class).port().orElseThrow();
    URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/prometheus");
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void table_equalsTheMetricsOfTheServices() {
    assertThat(
            MetricsTable.rows().stream()
                .filter(row -> row.name().startsWith("verbatim_"))
                .map(MetricsTable.Metric::row))
        .containsExactlyInAnyOrderElementsOf(
            MetricsTable.ofScrapes(scrapes).map(MetricsTable.Metric::row).toList());
  }

  @Test
  void metricsOfLibraries_exist() {
    assertThat(
            MetricsTable.rows().stream()
                .map(MetricsTable.Metric::name)
                .filter(name -> !name.startsWith("verbatim_")))
        .isNotEmpty()
        .allSatisfy(name ->
            assertThat(scrapes).allMatch(scrape -> scrape.contains("# TYPE " + name + " ")));
  }

  @ParameterizedTest
  @MethodSource("selectors")
  void labelValuesInAlerts_areThoseOfTheServices(String metric, String label, String value) {
    Pattern series =
        Pattern.compile("(?m)^" + metric + "\\{(?:.*,)?" + label + "=\"(?:" + value + ")\"");

    assertThat(scrapes).anyMatch(scrape -> series.matcher(scrape).find());
  }

  /// Each label value, or alternative of a pattern, that an alert selects.
  private static Stream<Arguments> selectors() {
    Pattern selection = Pattern.compile("(verbatim_\\w+)\\{([^}]*)}");
    Pattern matcher = Pattern.compile("(\\w+)=~?\"([^\"]*)\"");
    return AlertRules.alerts().stream()
        .flatMap(alert -> selection.matcher(alert.expression()).results())
        .flatMap(selected ->
            matcher
                .matcher(selected.group(2))
                .results()
                .flatMap(chosen ->
                    Stream.of(chosen.group(2).split("\\|"))
                        .map(value -> Arguments.of(selected.group(1), chosen.group(1), value))));
  }

  @Test
  void reasonsOfRejections_areInTheRunbook() {
    assertThat(
            Pattern.compile("(?m)^verbatim_ingest_handshakes_rejected_total\\{reason=\"(\\w+)\"")
                .matcher(scrapes.getFirst())
                .results()
                .map(reason -> reason.group(1)))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            reason -> assertThat(Runbook.section("401-for-callers")).contains("`" + reason + "`"));
  }

  @Test
  void names_haveTheFormOfTheNamingRules() {
    Pattern name = Pattern.compile("verbatim_(ingest|asr|gateway|<service>)(_[a-z]+)+");
    Pattern forbiddenUnit =
        Pattern.compile(".*_(ms|millis|milliseconds|minutes|kb|mb|percent)(_total)?");

    assertThat(MetricsTable.ofScrapes(scrapes))
        .allSatisfy(metric -> {
          assertThat(metric.name()).matches(name).doesNotMatch(forbiddenUnit);
          assertThat(metric.name().endsWith("_total")).isEqualTo(metric.type().equals("counter"));
          assertThat(metric.description()).matches("[A-Z1].{9,}[^.]");
        });
  }

  @Test
  void serverFigures_areThoseOfRedis() {
    assertThat(scrapes)
        .allSatisfy(scrape ->
            assertThat(scrape)
                .containsPattern("_redis_connected 1\\.0")
                .containsPattern("_redis_tracking 1\\.0")
                .containsPattern("_redis_connections_opened_total 1\\.0")
                .containsPattern("_redis_server_connections_max 10000\\.0")
                .containsPattern("_redis_server_evicting 0\\.0")
                .containsPattern("_redis_server_memory_used_bytes [1-9]")
                .containsPattern("_redis_server_clients\\{client=\"ingest-service\"} 1\\.0")
                .containsPattern("_redis_server_connections_limit\\{severity=\"warning\"} 20\\.0")
                .containsPattern(
                    "_redis_server_connections_limit\\{severity=\"critical\"} 30\\.0"));
  }

  @Test
  void limits_areTheSettings() {
    assertThat(scrapes.get(0))
        .contains("verbatim_ingest_calls_limit 200.0")
        .contains("verbatim_ingest_backlog_limit_bytes 2.68435456E8");
    assertThat(scrapes.get(1))
        .contains("verbatim_asr_calls_limit 100.0")
        .contains("verbatim_asr_sessions_limit 100.0");
    assertThat(scrapes.get(2))
        .contains("verbatim_gateway_subscribers_limit 20.0")
        .contains("verbatim_gateway_feed_limit_bytes 6.7108864E7");
  }

  @Test
  void residentMemory_isReported() {
    assertThat(scrapes)
        .allSatisfy(scrape ->
            assertThat(scrape)
                .containsPattern("_memory_resident_bytes [1-9]")
                .containsPattern("_memory_limit_bytes [1-9]"));
  }
}
