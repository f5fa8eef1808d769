package io.verbatim.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/// Reads the deployment files of the repository.
final class DeploymentFiles {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  static final Set<String> SERVICES = Set.of("ingest-service", "asr-worker", "transcript-gateway");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");

  private DeploymentFiles() {}

  /// All settings of a service: the variables in its `application.yml`, and those of its image.
  static Set<String> settings(String service) {
    Set<String> settings = new TreeSet<>();
    String yaml = text(service + "/src/main/resources/" + service + "/application.yml");
    String start = text("deploy/image/start");
    VARIABLE.matcher(yaml + start).results().forEach(match -> settings.add(match.group(1)));
    return settings;
  }

  static Map<String, Object> yaml(String file) {
    return map(new Yaml().load(text(file)));
  }

  static String text(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked") // The structure of these files is known.
  static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked") // The structure of these files is known.
  static List<Map<String, Object>> maps(@Nullable Object value) {
    return (List<Map<String, Object>>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked") // The structure of these files is known.
  static List<String> strings(@Nullable Object value) {
    return (List<String>) Objects.requireNonNull(value);
  }
}
