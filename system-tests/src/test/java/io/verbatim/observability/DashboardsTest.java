package io.verbatim.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Checks that the Grafana dashboards use existing metrics, and that they are complete.
class DashboardsTest {
  private static final Path GRAFANA = MetricsTable.ROOT.resolve("deploy/grafana");
  private static final int COLUMNS = 24;

  private static Stream<Path> dashboards() throws IOException {
    try (Stream<Path> files = Files.list(GRAFANA)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList().stream();
    }
  }

  private static JsonNode read(Path dashboard) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(dashboard));
  }

  private static List<JsonNode> panels(JsonNode dashboard) {
    return dashboard.path("panels").valueStream().toList();
  }

  @Test
  void dashboards_haveUniqueNames() throws IOException {
    Set<String> ids = new HashSet<>();
    for (Path dashboard : dashboards().toList()) {
      String uid = read(dashboard).path("uid").asString();
      assertThat(dashboard.getFileName()).hasToString(uid + ".json");
      assertThat(ids.add(uid)).isTrue();
    }
    assertThat(ids).hasSizeGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void queries_useExistingMetrics(Path dashboard) throws IOException {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : panels(read(dashboard))) {
      panel
          .path("targets")
          .valueStream()
          .map(target -> target.path("expr").asString())
          .forEach(queries::add);
    }

    assertThat(queries)
        .isNotEmpty()
        .allSatisfy(query -> {
          assertThat(PromQl.metrics(query)).isNotEmpty();
          assertThat(PromQl.unknown(query)).isEmpty();
        });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panels_haveATitleAQueryAndAPlace(Path dashboard) throws IOException {
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : panels(read(dashboard))) {
      assertThat(panel.path("title").asString()).isNotBlank();
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, COLUMNS);
      if (!panel.path("type").asString().equals("row")) {
        assertThat(panel.path("datasource").path("uid").asString()).isEqualTo("prometheus");
        assertThat(panel.path("targets").isEmpty()).isFalse();
      }
    }
  }
}
