package io.verbatim.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// Renders the chart with Helm's own code and checks each resource against the Kubernetes API: the
/// names of its fields, their structure and the required ones. A ServiceMonitor is not part of that
/// API, and no cluster is involved.
class HelmChartTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path CHART = ROOT.resolve("deploy/helm/verbatim");
  private static final Set<String> SERVICES =
      Set.of("ingest-service", "asr-worker", "transcript-gateway");
  private static final Pattern IN_YAML = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");

  /// Settings of the image's start script.
  private static final Set<String> OF_THE_IMAGE = Set.of("JAVA_HEAP", "JAVA_OPTIONS");

  private static final List<Map<String, Object>> MINIMAL =
      render(Map.of("existingSecret", "verbatim-secrets"));
  private static final List<Map<String, Object>> COMPLETE =
      render(
          Map.ofEntries(
              Map.entry("existingSecret", "verbatim-secrets"),
              Map.entry("ingest.autoscaling.enabled", "true"),
              Map.entry("worker.autoscaling.enabled", "true"),
              Map.entry("gateway.autoscaling.enabled", "true"),
              Map.entry("ingress.enabled", "true"),
              Map.entry("ingress.host", "calls.example.com"),
              Map.entry("ingress.tlsSecret", "calls-tls"),
              Map.entry("networkPolicy.extraEgress[0].ports[0].protocol", "TCP"),
              Map.entry("networkPolicy.extraEgress[0].ports[0].port", "26379"),
              Map.entry("extraVolumes[0].name", "certificates"),
              Map.entry("extraVolumes[0].secret.secretName", "tls"),
              Map.entry("extraVolumeMounts[0].name", "certificates"),
              Map.entry("extraVolumeMounts[0].mountPath", "/certificates"),
              Map.entry("metrics.serviceMonitor.enabled", "true")));

  /// Checks one resource, given as JSON.
  @FunctionalInterface
  private interface Schema {
    void check(JsonElement resource) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "v1 Secret", V1Secret::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "networking.k8s.io/v1 Ingress", V1Ingress::validateJsonElement);

  private static List<Map<String, Object>> render(Map<String, String> values) {
    var template = new Helm(CHART).template().withName("v").withNamespace("calls");
    values.forEach(template::set);
    return StreamSupport.stream(new Yaml().loadAll(template.call()).spliterator(), false)
        .filter(document -> document != null)
        .map(HelmChartTest::map)
        .toList();
  }

  @SuppressWarnings("unchecked") // A YAML mapping has text keys here.
  private static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked") // A YAML list of mappings.
  private static List<Map<String, Object>> list(@Nullable Object value) {
    return (List<Map<String, Object>>) Objects.requireNonNull(value);
  }

  private static @Nullable Object at(Object value, String path) {
    Object found = value;
    for (String name : path.split("\\.", -1)) {
      found = found == null ? null : map(found).get(name);
    }
    return found;
  }

  private static List<Map<String, Object>> ofKind(
      List<Map<String, Object>> resources, String kind) {
    return resources.stream().filter(one -> kind.equals(one.get("kind"))).toList();
  }

  private static Map<String, Object> deployment(String component) {
    return ofKind(MINIMAL, "Deployment").stream()
        .filter(one -> ("v-" + component).equals(at(one, "metadata.name")))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> container(String component) {
    return list(at(deployment(component), "spec.template.spec.containers")).getFirst();
  }

  @Test
  void chart_passesHelmsLint() {
    LintResult result = new Helm(CHART).lint().strict().call();

    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @Test
  void everyResource_fitsTheKubernetesApi() {
    Gson gson = new Gson();
    List<Map<String, Object>> withSecret =
        render(Map.of("secrets.REDIS_URL", "redis://redis:6379"));
    for (Map<String, Object> resource :
        Stream.of(MINIMAL, COMPLETE, withSecret).flatMap(List::stream).toList()) {
      String kind = resource.get("apiVersion") + " " + resource.get("kind");
      if (!kind.equals("monitoring.coreos.com/v1 ServiceMonitor")) {
        assertThat(SCHEMAS).containsKey(kind);
        assertThat(problem(SCHEMAS.get(kind), gson.toJsonTree(resource))).as(kind).isEmpty();
      }
    }
  }

  private static String problem(@Nullable Schema schema, JsonElement resource) {
    try {
      if (schema != null) {
        schema.check(resource);
      }
      return "";
    } catch (IOException | IllegalArgumentException invalid) {
      return String.valueOf(invalid.getMessage());
    }
  }

  @Test
  void misspelledField_doesNotFitTheKubernetesApi() {
    JsonElement deployment = new Gson().toJsonTree(deployment("asr-worker"));
    deployment
        .getAsJsonObject()
        .getAsJsonObject("spec")
        .getAsJsonObject("template")
        .getAsJsonObject("spec")
        .addProperty("terminationGracePeriod", 30);

    assertThat(problem(SCHEMAS.get("apps/v1 Deployment"), deployment))
        .contains("terminationGracePeriod");
  }

  @Test
  void everyService_hasTwoInstancesAndABudget() {
    assertThat(ofKind(MINIMAL, "Deployment"))
        .extracting(one -> at(one, "metadata.name"))
        .containsExactlyInAnyOrder("v-ingest-service", "v-asr-worker", "v-transcript-gateway");
    assertThat(ofKind(MINIMAL, "Deployment"))
        .allMatch(one -> Integer.valueOf(2).equals(at(one, "spec.replicas")));
    for (String component : SERVICES) {
      Object labels = at(deployment(component), "spec.template.metadata.labels");
      assertThat(ofKind(MINIMAL, "PodDisruptionBudget"))
          .filteredOn(budget -> selects(at(budget, "spec.selector.matchLabels"), labels))
          .singleElement()
          .satisfies(budget -> assertThat(at(budget, "spec.maxUnavailable")).isEqualTo(1));
    }
  }

  private static boolean selects(@Nullable Object selector, @Nullable Object labels) {
    return map(labels).entrySet().containsAll(map(selector).entrySet());
  }

  @Test
  void settings_areThoseOfTheServices() throws IOException {
    for (String component : SERVICES) {
      Set<String> known = new TreeSet<>(OF_THE_IMAGE);
      IN_YAML
          .matcher(
              Files.readString(
                  ROOT.resolve(
                      component + "/src/main/resources/" + component + "/application.yml")))
          .results()
          .forEach(setting -> known.add(setting.group(1)));

      assertThat(list(container(component).get("env")))
          .extracting(variable -> String.valueOf(variable.get("name")))
          .as(component)
          .doesNotHaveDuplicates()
          .contains("REDIS_URL")
          .isSubsetOf(known);
    }
  }

  @Test
  void secrets_comeFromTheGivenSecretOnly() {
    for (String component : SERVICES) {
      for (Map<String, Object> variable : list(container(component).get("env"))) {
        if (String.valueOf(variable.get("name")).matches(".*(URL|KEY|PASSWORD|TOKEN|USERNAME)")) {
          assertThat(at(variable, "valueFrom.secretKeyRef.name")).isEqualTo("verbatim-secrets");
        }
      }
    }
    assertThat(ofKind(MINIMAL, "Secret")).isEmpty();
  }

  @Test
  void missingSecret_isOneSentence() {
    assertThatThrownBy(() -> render(Map.of()))
        .hasMessageContaining("Set existingSecret to the name of a Secret with REDIS_URL");
  }

  @Test
  void probes_useThePathsOfTheServices() {
    for (String component : SERVICES) {
      Map<String, Object> container = container(component);
      assertThat(at(container, "startupProbe.httpGet.path")).isEqualTo("/health");
      assertThat(at(container, "livenessProbe.httpGet.path")).isEqualTo("/health");
      assertThat(at(container, "readinessProbe.httpGet.path"))
          .isEqualTo("/actuator/health/readiness");
    }
  }

  @Test
  void gracePeriod_isLongerThanTheDrain() {
    assertThat(at(deployment("ingest-service"), "spec.template.spec.terminationGracePeriodSeconds"))
        .isEqualTo(620);
    assertThat(list(container("ingest-service").get("env")))
        .contains(Map.of("name", "DRAIN_TIMEOUT", "value", "600s"));
  }

  @Test
  void containers_runWithoutPrivileges() {
    for (String component : SERVICES) {
      assertThat(at(deployment(component), "spec.template.spec.securityContext.runAsNonRoot"))
          .isEqualTo(true);
      assertThat(at(container(component), "securityContext.readOnlyRootFilesystem"))
          .isEqualTo(true);
      assertThat(at(container(component), "securityContext.allowPrivilegeEscalation"))
          .isEqualTo(false);
      assertThat(at(container(component), "resources.limits.memory")).isEqualTo("512Mi");
    }
  }

  @Test
  void uploads_areOnADiskWithALimit_inTheGatewayOnly() {
    Map<String, Object> mount = Map.of("name", "uploads", "mountPath", "/var/lib/verbatim");
    Map<String, Object> gateway = container("transcript-gateway");

    assertThat(list(gateway.get("env")))
        .contains(Map.of("name", "BATCH_DIRECTORY", "value", "/var/lib/verbatim"));
    assertThat(list(gateway.get("volumeMounts"))).contains(mount);
    assertThat(list(at(deployment("transcript-gateway"), "spec.template.spec.volumes")))
        .contains(Map.of("name", "uploads", "emptyDir", Map.of("sizeLimit", "2Gi")));
    for (String component : List.of("ingest-service", "asr-worker")) {
      assertThat(list(container(component).get("volumeMounts"))).doesNotContain(mount);
    }
  }

  @Test
  void autoscalers_countCallsAndStreams() throws IOException {
    String metrics = Files.readString(ROOT.resolve("docs/metrics.md"));

    assertThat(ofKind(MINIMAL, "HorizontalPodAutoscaler")).isEmpty();
    assertThat(ofKind(COMPLETE, "HorizontalPodAutoscaler"))
        .hasSize(3)
        .allSatisfy(scaler -> {
          Map<String, Object> metric = list(at(scaler, "spec.metrics")).getFirst();
          assertThat(metrics).contains("| `" + at(metric, "pods.metric.name") + "` | gauge |");
          assertThat(at(scaler, "spec.minReplicas")).isEqualTo(2);
        });
    assertThat(ofKind(COMPLETE, "Deployment")).allMatch(one -> at(one, "spec.replicas") == null);
  }

  @Test
  void metrics_areReachableFromMonitoringOnly() {
    assertThat(ofKind(MINIMAL, "NetworkPolicy"))
        .hasSize(3)
        .allSatisfy(policy ->
            assertThat(list(at(policy, "spec.ingress")))
                .filteredOn(
                    rule -> "metrics".equals(list(rule.get("ports")).getFirst().get("port")))
                .singleElement()
                .satisfies(rule -> assertThat(list(rule.get("from"))).isNotEmpty()));
    assertThat(ofKind(MINIMAL, "Service"))
        .filteredOn(service -> !String.valueOf(at(service, "metadata.name")).endsWith("-metrics"))
        .extracting(service -> list(at(service, "spec.ports")).getFirst().get("name"))
        .containsExactly("http", "http");
  }

  @Test
  void serviceMonitor_namesTheJobsAsTheAlertsExpect() {
    assertThat(ofKind(COMPLETE, "ServiceMonitor"))
        .singleElement()
        .satisfies(monitor -> {
          assertThat(at(monitor, "spec.jobLabel")).isEqualTo("app.kubernetes.io/component");
          Map<String, Object> endpoint = list(at(monitor, "spec.endpoints")).getFirst();
          assertThat(endpoint)
              .containsEntry("port", "metrics")
              .containsEntry("path", "/actuator/prometheus");
          assertThat(ofKind(COMPLETE, "Service"))
              .filteredOn(service ->
                  selects(at(monitor, "spec.selector.matchLabels"), at(service, "metadata.labels")))
              .extracting(service -> at(service, "metadata.labels"))
              .extracting(labels -> map(labels).get("app.kubernetes.io/component"))
              .containsExactlyInAnyOrderElementsOf(SERVICES);
        });
  }

  @Test
  void ingress_sendsEachPathOfCallersToIngest() throws IOException {
    Map<String, Object> rule =
        list(at(ofKind(COMPLETE, "Ingress").getFirst(), "spec.rules")).getFirst();
    List<Map<String, Object>> paths = list(at(rule, "http.paths"));

    assertThat(paths)
        .extracting(path -> path.get("path"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(pathsOfIngest().stream(), Stream.of("/")).toList());
    assertThat(paths)
        .allSatisfy(path ->
            assertThat(at(path, "backend.service.name"))
                .isEqualTo(
                    "/".equals(path.get("path")) ? "v-transcript-gateway" : "v-ingest-service"));
  }

  /// The paths that ingest maps to its handlers, without those below others.
  private static Set<String> pathsOfIngest() throws IOException {
    Set<String> paths = new TreeSet<>();
    Pattern.compile("\"(/[a-z0-9/._-]+?)/?(?:/\\*\\*)?\", \\w+Handler")
        .matcher(
            Files.readString(
                ROOT.resolve(
                    "ingest-service/src/main/java/io/verbatim/ingest/IngestConfiguration.java")))
        .results()
        .forEach(path -> paths.add(path.group(1)));
    return paths;
  }

  @Test
  void networkPolicies_allowEachDestinationThatASettingCanName() {
    assertThat(egressPorts(MINIMAL, "v-transcript-gateway")).contains(6379, 443, 5432);
    assertThat(egressPorts(MINIMAL, "v-asr-worker")).contains(6379, 443).doesNotContain(5432);
    assertThat(egressPorts(COMPLETE, "v-asr-worker")).contains(26379);
  }

  private static List<Object> egressPorts(List<Map<String, Object>> resources, String name) {
    return ofKind(resources, "NetworkPolicy").stream()
        .filter(policy -> name.equals(at(policy, "metadata.name")))
        .flatMap(policy -> list(at(policy, "spec.egress")).stream())
        .flatMap(rule -> list(rule.get("ports")).stream())
        .map(port -> Objects.requireNonNull(port.get("port")))
        .toList();
  }

  @Test
  void extraVolumes_areMountedInEveryService() {
    for (Map<String, Object> deployment : ofKind(COMPLETE, "Deployment")) {
      assertThat(list(at(deployment, "spec.template.spec.volumes")))
          .contains(Map.of("name", "certificates", "secret", Map.of("secretName", "tls")));
      Map<String, Object> container =
          list(at(deployment, "spec.template.spec.containers")).getFirst();
      assertThat(list(container.get("volumeMounts")))
          .contains(Map.of("name", "certificates", "mountPath", "/certificates"));
    }
  }

  @Test
  void appVersion_isTheVersionOfTheJars() throws IOException {
    Map<String, Object> chart =
        map(new Yaml().<Object>load(Files.readString(CHART.resolve("Chart.yaml"))));

    assertThat(Files.readString(ROOT.resolve("pom.xml")))
        .containsPattern("<version>" + chart.get("appVersion") + "(-SNAPSHOT)?</version>");
    assertThat(chart.get("version")).isEqualTo(chart.get("appVersion"));
  }
}
