package io.verbatim.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/// `render.yaml`, `docker-compose.yml` and the Dockerfiles name nothing the code does not have.
class DeploymentFilesTest {
  private static final Path ROOT = repositoryRoot();
  private static final Set<String> SERVICES =
      Set.of("ingest-service", "asr-worker", "transcript-gateway");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");

  @Test
  void blueprint_hasTheThreeServicesAndARedisThatNeverEvicts() {
    List<Map<String, Object>> services = list(yaml("render.yaml").get("services"));

    assertThat(services).extracting(service -> service.get("name")).containsAll(SERVICES);
    assertThat(services)
        .filteredOn(service -> "keyvalue".equals(service.get("type")))
        .singleElement()
        .satisfies(redis -> assertThat(redis.get("maxmemoryPolicy")).isEqualTo("noeviction"));
  }

  @Test
  void blueprint_namesOnlyVariablesTheServicesRead() {
    for (Map<String, Object> service : webServices()) {
      String name = String.valueOf(service.get("name"));

      assertThat(list(service.get("envVars")))
          .extracting(variable -> String.valueOf(variable.get("key")))
          .as(name)
          .isSubsetOf(variablesOf(name));
    }
  }

  @Test
  void blueprint_keepsSecretsOutOfTheFile() {
    for (Map<String, Object> service : webServices()) {
      for (Map<String, Object> variable : list(service.get("envVars"))) {
        if (String.valueOf(variable.get("key")).matches(".*(KEY|PASSWORD|TOKEN|USERNAME).*")) {
          assertThat(variable).as(String.valueOf(variable.get("key"))).containsEntry("sync", false);
        }
      }
    }
  }

  @Test
  void blueprint_buildsDockerfilesThatExist() {
    for (Map<String, Object> service : webServices()) {
      assertThat(ROOT.resolve(String.valueOf(service.get("dockerfilePath")))).isRegularFile();
    }
  }

  @Test
  void compose_namesOnlyVariablesTheServicesRead() {
    Map<String, Object> services = map(yaml("docker-compose.yml").get("services"));

    for (String name : SERVICES) {
      Map<String, Object> service = map(services.get(name));
      assertThat(map(service.get("environment")).keySet()).as(name).isSubsetOf(variablesOf(name));
      assertThat(ROOT.resolve(String.valueOf(map(service.get("build")).get("dockerfile"))))
          .isRegularFile();
    }
    assertThat(String.valueOf(map(services.get("redis")).get("command"))).contains("noeviction");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "asr-worker", "transcript-gateway"})
  void dockerfile_copiesOnlySourcesThatExist_andTheJarTheBuildMakes(String service) {
    List<String> copies =
        lines(ROOT.resolve(service).resolve("Dockerfile"))
            .filter(line -> line.startsWith("COPY "))
            .toList();

    for (String copy : copies) {
      String[] words = copy.split(" +", -1);
      if (copy.startsWith("COPY --from=build")) {
        assertThat(words[2]).isEqualTo("/verbatim/" + service + "/target/" + service + ".jar");
      } else {
        for (int i = 1; i < words.length - 1; i++) {
          assertThat(ROOT.resolve(words[i])).exists();
        }
      }
    }
    assertThat(copies).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest-service", "asr-worker", "transcript-gateway"})
  void dockerfile_copiesEveryModuleTheBuildNeeds(String service) {
    String dockerfile = text(ROOT.resolve(service).resolve("Dockerfile"));

    Pattern.compile("<module>([^<]+)</module>")
        .matcher(text(ROOT.resolve("pom.xml")))
        .results()
        .map(match -> match.group(1))
        .forEach(module -> assertThat(dockerfile).contains("COPY " + module + " " + module));
  }

  private static List<Map<String, Object>> webServices() {
    return list(yaml("render.yaml").get("services")).stream()
        .filter(service -> "web".equals(service.get("type")))
        .toList();
  }

  /// Every variable that the service's documented configuration names.
  private static Set<String> variablesOf(String service) {
    try (Stream<Path> files = Files.walk(ROOT.resolve(service).resolve("src/main/resources"))) {
      return files
          .filter(file -> file.endsWith("application.yml"))
          .flatMap(file -> VARIABLE.matcher(text(file)).results())
          .map((MatchResult match) -> match.group(1))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> yaml(String file) {
    return map(new Yaml().load(text(ROOT.resolve(file))));
  }

  @SuppressWarnings("unchecked") // What SnakeYAML reads from these files.
  private static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked") // What SnakeYAML reads from these files.
  private static List<Map<String, Object>> list(@Nullable Object value) {
    return (List<Map<String, Object>>) Objects.requireNonNull(value);
  }

  private static Stream<String> lines(Path file) {
    return text(file).replace("\\\n", " ").lines();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path repositoryRoot() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("render.yaml"))
        ? here
        : Objects.requireNonNull(here.getParent());
  }
}
