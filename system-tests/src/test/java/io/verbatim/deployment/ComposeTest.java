package io.verbatim.deployment;

import static io.verbatim.deployment.DeploymentFiles.ROOT;
import static io.verbatim.deployment.DeploymentFiles.SERVICES;
import static io.verbatim.deployment.DeploymentFiles.map;
import static io.verbatim.deployment.DeploymentFiles.strings;
import static io.verbatim.deployment.DeploymentFiles.text;
import static io.verbatim.deployment.DeploymentFiles.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks `docker-compose.yml` and `.env.example`: every setting of a service can be set, and the
/// services start in order, restart and have limits.
class ComposeTest {
  /// Settings that the file itself determines.
  private static final Set<String> FIXED = Set.of("PORT", "MANAGEMENT_PORT", "PUBSUB_ADAPTER");

  /// Settings of the worker that ingest has too, with another default.
  private static final Set<String> OF_THE_WORKER =
      Set.of("asr-worker MAX_CALLS", "asr-worker DRAIN_TIMEOUT");

  /// Variables of the file itself, with their defaults.
  private static final Map<String, String> OF_COMPOSE =
      Map.of(
          "COMMIT", "",
          "SERVICE_MEMORY", "512m",
          "REDIS_MEMORY", "512mb",
          "REDIS_MEMORY_LIMIT", "1g",
          "INGEST_STOP_TIMEOUT", "60s",
          "WORKER_STOP_TIMEOUT", "15s",
          "GRAFANA_PASSWORD", "");

  private static final Pattern DEFAULT =
      Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*):-?((?:[^{}]|\\$\\{[^}]*})*)}");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$");

  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "asr-worker", "transcript-gateway"})
  void service_takesEachOfItsSettings_fromTheEnvFile(String name) {
    Map<String, Object> environment = map(service(name).get("environment"));

    assertThat(environment.keySet()).isEqualTo(DeploymentFiles.settings(name));
    environment.forEach((setting, value) -> {
      if (!FIXED.contains(setting)) {
        String variable = OF_THE_WORKER.contains(name + " " + setting) ? "WORKER_" : "";
        assertThat(String.valueOf(value)).startsWith("${" + variable + setting + ":");
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "asr-worker", "transcript-gateway"})
  void service_restarts_andHasTheMemoryOfItsImage(String name) {
    assertThat(service(name))
        .containsEntry("restart", "unless-stopped")
        .containsEntry("mem_limit", "${SERVICE_MEMORY:-512m}")
        .containsEntry("read_only", true);
    Map<String, Object> build = map(service(name).get("build"));
    assertThat(ROOT.resolve(String.valueOf(build.get("dockerfile")))).isRegularFile();
    assertThat(build.get("args")).isEqualTo(Map.of("COMMIT", "${COMMIT:-}"));
  }

  @Test
  void services_startInOrder_whenHealthy() {
    assertThat(conditions("asr-worker")).isEqualTo(Map.of("redis", "service_healthy"));
    assertThat(conditions("transcript-gateway")).isEqualTo(Map.of("redis", "service_healthy"));
    assertThat(conditions("ingest-service"))
        .isEqualTo(
            Map.of(
                "redis", "service_healthy",
                "asr-worker", "service_healthy",
                "transcript-gateway", "service_healthy"));
    assertThat(service("redis")).containsKey("healthcheck");
  }

  @Test
  void redis_keepsItsData_andEvictsNothing() {
    assertThat(String.valueOf(service("redis").get("command")))
        .contains("noeviction", "appendonly, yes", "maxmemory, ${REDIS_MEMORY:-512mb}");
    assertThat(strings(service("redis").get("volumes"))).containsExactly("redis-data:/data");
    assertThat(map(yaml("docker-compose.yml").get("volumes"))).containsKey("redis-data");
  }

  @Test
  void images_haveExactVersionsAndDigests() {
    for (String name : Set.of("redis", "prometheus", "grafana")) {
      assertThat(String.valueOf(service(name).get("image")))
          .matches(".*:v?\\d+\\.\\d+\\.\\d+[^@]*@sha256:[0-9a-f]{64}");
    }
  }

  @Test
  void observability_isAProfile_andItsFilesExist() {
    for (String name : Set.of("prometheus", "grafana")) {
      assertThat(strings(service(name).get("profiles"))).containsExactly("observability");
      assertThat(strings(service(name).get("volumes")))
          .filteredOn(volume -> volume.startsWith("./deploy/"))
          .isNotEmpty()
          .allMatch(volume -> ROOT.resolve(volume.split(":", -1)[0]).toFile().exists());
    }
    assertThat(text("deploy/compose/prometheus.yml")).contains(SERVICES);
  }

  @Test
  void envExample_listsEverySetting_withItsDefault() {
    Map<String, String> examples = new TreeMap<>();
    EXAMPLE
        .matcher(text(".env.example"))
        .results()
        .forEach(match -> examples.put(match.group(1), match.group(2)));
    Map<String, Set<String>> defaults = new TreeMap<>();
    for (String service : SERVICES) {
      String yaml = text(service + "/src/main/resources/" + service + "/application.yml");
      DEFAULT.matcher(yaml).results().forEach(match -> add(defaults, match));
    }
    FIXED.forEach(defaults::remove);
    defaults.put("REDIS_URL", Set.of("redis://redis:6379"));
    defaults.put("JAVA_HEAP", Set.of("192m"));
    defaults.put("JAVA_OPTIONS", Set.of(""));
    OF_THE_WORKER.forEach(
        setting -> defaults.put(setting.replaceFirst(".* ", "WORKER_"), Set.of("")));
    OF_COMPOSE.forEach((name, value) -> {
      defaults.put(name, Set.of(value));
      assertThat(text("docker-compose.yml")).contains("${" + name + ":-" + value + "}");
    });

    assertThat(examples.keySet()).isEqualTo(defaults.keySet());
    examples.forEach((name, example) -> {
      if (!example.isEmpty()) {
        assertThat(defaults.get(name)).as(name).containsExactly(example);
      }
    });
  }

  private static void add(Map<String, Set<String>> defaults, MatchResult setting) {
    defaults.computeIfAbsent(setting.group(1), _ -> new TreeSet<>()).add(setting.group(2));
  }

  private static Map<String, String> conditions(String name) {
    Map<String, String> conditions = new TreeMap<>();
    map(service(name).get("depends_on"))
        .forEach((other, condition) ->
            conditions.put(other, String.valueOf(map(condition).get("condition"))));
    return conditions;
  }

  private static Map<String, Object> service(String name) {
    return map(map(yaml("docker-compose.yml").get("services")).get(name));
  }
}
