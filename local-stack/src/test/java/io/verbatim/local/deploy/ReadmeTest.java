package io.verbatim.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The README says what is so: its settings are the services' settings, its commands and pictures
/// are there.
class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern IN_TABLE =
      Pattern.compile("`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT|LEASE|TRANSPORT)`");
  private static final Pattern IN_YAML = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");
  private static final Pattern IMAGE = Pattern.compile("!\\[[^]]*]\\(([^)]+)\\)");

  private static String text(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  private static Set<String> names(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    pattern.matcher(text).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  @Test
  void settingsOfTheTables_areThoseOfTheServices() throws IOException {
    Set<String> read = new TreeSet<>();
    for (String service : Set.of("ingest-service", "asr-worker", "transcript-gateway")) {
      read.addAll(
          names(IN_YAML, text(service + "/src/main/resources/" + service + "/application.yml")));
    }
    String readme = text("README.md");
    String tables =
        readme.substring(readme.indexOf("## Settings"), readme.indexOf("## Operations"));

    assertThat(names(IN_TABLE, tables)).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "bench", "fuzz", "mvnw", ".ci/run"})
  void commands_canBeRun(String command) throws IOException {
    assertThat(text("README.md")).contains(command.startsWith(".") ? command : "./" + command);
    assertThat(Files.isExecutable(ROOT.resolve(command))).isTrue();
  }

  @Test
  void pictures_areThere() throws IOException {
    assertThat(names(IMAGE, text("README.md")))
        .isNotEmpty()
        .allMatch(file -> Files.exists(ROOT.resolve(file)));
  }
}
