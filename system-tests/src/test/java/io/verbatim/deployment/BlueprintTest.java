package io.verbatim.deployment;

import static io.verbatim.deployment.DeploymentFiles.ROOT;
import static io.verbatim.deployment.DeploymentFiles.SERVICES;
import static io.verbatim.deployment.DeploymentFiles.map;
import static io.verbatim.deployment.DeploymentFiles.maps;
import static io.verbatim.deployment.DeploymentFiles.strings;
import static io.verbatim.deployment.DeploymentFiles.text;
import static io.verbatim.deployment.DeploymentFiles.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/// Checks `render.yaml`: against Render's schema, the services' settings, and the formulas of the
/// documents.
class BlueprintTest {
  private static final String SCHEMA = "render-blueprint.schema.json";

  /// The memory of Render's plans for Key Value instances.
  private static final Map<String, DataSize> KEY_VALUE_MEMORY =
      Map.of("starter", DataSize.ofMegabytes(256), "standard", DataSize.ofGigabytes(1));

  /// Time between the end of the drain and the end of the process.
  private static final Duration STOP_MARGIN = Duration.ofSeconds(15);

  @Test
  void blueprint_followsTheSchema() throws IOException {
    assertThat(schema().validate(text("render.yaml"), InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "region: singapore|region: india",
        "numInstances: 2|numInstances: 0",
        "plan: starter|plan: 512mb",
        "sync: false|sync: never",
        "maxShutdownDelaySeconds: 300|maxShutdownDelaySeconds: 301",
        "runtime: docker|image: docker"
      })
  void schema_rejectsBadValues(String change) throws IOException {
    String[] words = change.split("\\|", -1);

    assertThat(schema().validate(text("render.yaml").replace(words[0], words[1]), InputFormat.YAML))
        .isNotEmpty();
  }

  private static Schema schema() throws IOException {
    try (InputStream in = BlueprintTest.class.getResourceAsStream(SCHEMA)) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Objects.requireNonNull(in));
    }
  }

  @Test
  void everything_isInOneRegion() {
    assertThat(services()).extracting(service -> service.get("region")).doesNotContainNull();
    assertThat(services().stream().map(service -> service.get("region")).distinct()).hasSize(1);
  }

  @Test
  void services_areThree_withTwoWorkersAndDockerfiles() {
    assertThat(webServices().stream().map(BlueprintTest::name))
        .containsExactlyInAnyOrderElementsOf(SERVICES);
    assertThat(service("asr-worker").get("numInstances")).isEqualTo(2);
    for (Map<String, Object> service : webServices()) {
      assertThat(ROOT.resolve(String.valueOf(service.get("dockerfilePath")))).isRegularFile();
      assertThat(service).containsEntry("healthCheckPath", "/health");
    }
  }

  @Test
  void variables_areSettings() {
    for (String service : SERVICES) {
      assertThat(variables(service).keySet())
          .as(service)
          .isSubsetOf(DeploymentFiles.settings(service));
    }
  }

  @Test
  void secrets_haveNoValues() {
    for (String service : SERVICES) {
      variables(service)
          .forEach((name, variable) -> {
            if (name.matches(".*(KEY|PASSWORD|TOKEN|USERNAME).*")) {
              assertThat(variable).as(name).containsEntry("sync", false);
            }
          });
    }
  }

  @Test
  void clients_areNamedByCloudflare_throughRendersProxies() {
    for (String service : Set.of("ingest-service", "transcript-gateway")) {
      assertThat(variables(service).get("TRUSTED_PROXIES")).containsEntry("value", "10.0.0.0/8");
      assertThat(variables(service).get("CLIENT_IP_HEADER"))
          .containsEntry("value", "CF-Connecting-IP");
    }
  }

  @Test
  void ingest_mayDrainLongerThanItsTimeout() {
    Duration drain = DurationStyle.detectAndParse(value("ingest-service", "DRAIN_TIMEOUT"));

    assertThat(Duration.ofSeconds(number("ingest-service", "maxShutdownDelaySeconds")))
        .isGreaterThanOrEqualTo(drain.plus(STOP_MARGIN));
  }

  /// The formula of docs/redis.md, with a tenth of the memory for transcripts at least.
  @Test
  void keyValue_holdsTheUnreadAudioOfAllIngests() {
    Map<String, Object> redis =
        services().stream()
            .filter(service -> "keyvalue".equals(service.get("type")))
            .findAny()
            .orElseThrow();
    DataSize memory = Objects.requireNonNull(KEY_VALUE_MEMORY.get(redis.get("plan")));
    DataSize retention = DataSize.parse(value("ingest-service", "AUDIO_RETENTION_BYTES"));
    int ingests = number("ingest-service", "numInstances");

    assertThat(redis).containsEntry("maxmemoryPolicy", "noeviction");
    assertThat(ingests * retention.toMegabytes() * 1.2 + 50).isLessThan(memory.toMegabytes() * 0.9);
  }

  /// The modules that a service depends on are in its filter, so that no change is left out.
  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "asr-worker", "transcript-gateway"})
  void buildFilter_containsTheParts_ofTheService(String name) {
    List<String> paths = strings(map(service(name).get("buildFilter")).get("paths"));
    Set<String> parts = new TreeSet<>(Set.of("pom.xml", "mvnw", "deploy/image/start"));
    Pattern.compile("<groupId>io.verbatim</groupId>\\s*<artifactId>([a-z]+-[a-z]+)</artifactId>")
        .matcher(text(name + "/pom.xml"))
        .results()
        .forEach(match -> parts.add(match.group(1) + "/src/main/java/A.java"));
    parts.add(name + "/Dockerfile");
    parts.add("local-stack/pom.xml");
    parts.add("operator-tools/pom.xml");

    for (String part : parts) {
      assertThat(paths)
          .as(part)
          .anyMatch(glob ->
              FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(part)));
    }
  }

  private static List<Map<String, Object>> services() {
    return maps(yaml("render.yaml").get("services"));
  }

  private static List<Map<String, Object>> webServices() {
    return services().stream().filter(service -> "web".equals(service.get("type"))).toList();
  }

  private static Map<String, Object> service(String name) {
    return webServices().stream()
        .filter(service -> name(service).equals(name))
        .findAny()
        .orElseThrow();
  }

  private static int number(String service, String field) {
    return (int) Objects.requireNonNull(service(service).get(field));
  }

  private static String name(Map<String, Object> service) {
    return String.valueOf(service.get("name"));
  }

  /// The variables of a service by name.
  static Map<String, Map<String, Object>> variables(String service) {
    Map<String, Map<String, Object>> variables = new HashMap<>();
    maps(service(service).get("envVars"))
        .forEach(variable -> variables.put(String.valueOf(variable.get("key")), variable));
    return variables;
  }

  private static String value(String service, String name) {
    return String.valueOf(Objects.requireNonNull(variables(service).get(name)).get("value"));
  }
}
