package io.verbatim.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/// The alerts of deploy/prometheus.
final class AlertRules {
  static final Path DIRECTORY = MetricsTable.ROOT.resolve("deploy/prometheus");
  static final String TESTS = "verbatim.rules.test.yml";

  /// One alert.
  ///
  /// @param runbook the section of the runbook, `docs/runbook.md#anchor`
  record Alert(String name, String expression, String severity, String summary, String runbook) {}

  private AlertRules() {}

  static List<Alert> alerts() {
    return list(yaml("verbatim.rules.yml").get("groups")).stream()
        .flatMap(group -> list(group.get("rules")).stream())
        .map(AlertRules::alert)
        .toList();
  }

  private static Alert alert(Map<String, Object> rule) {
    Map<String, Object> annotations = map(rule.get("annotations"));
    return new Alert(
        String.valueOf(rule.get("alert")),
        String.valueOf(rule.get("expr")),
        String.valueOf(map(rule.get("labels")).get("severity")),
        String.valueOf(annotations.get("summary")),
        String.valueOf(annotations.get("runbook")));
  }

  static Map<String, Object> yaml(String file) {
    try {
      return map(new Yaml().load(Files.readString(DIRECTORY.resolve(file))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked") // A YAML mapping has text keys here.
  static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked") // A YAML list of mappings.
  static List<Map<String, Object>> list(@Nullable Object value) {
    return (List<Map<String, Object>>) Objects.requireNonNull(value);
  }
}
