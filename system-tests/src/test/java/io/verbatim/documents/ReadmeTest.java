package io.verbatim.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks the README and the documents it links to: their settings are the services' settings, and
/// their commands, pictures and links exist.
class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SETTING =
      Pattern.compile("`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT|LEASE|TRANSPORT)`");
  private static final Pattern IN_YAML = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");
  private static final Pattern IMAGE = Pattern.compile("!\\[[^]]*]\\(([^)]+)\\)");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  private static String text(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  private static Set<String> names(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    pattern.matcher(text).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  private static Set<String> settingsOfTheServices() throws IOException {
    Set<String> settings = new TreeSet<>();
    for (String service : Set.of("ingest-service", "asr-worker", "transcript-gateway")) {
      settings.addAll(
          names(IN_YAML, text(service + "/src/main/resources/" + service + "/application.yml")));
    }
    settings.addAll(names(IN_YAML, text("deploy/image/start")));
    return settings;
  }

  @Test
  void settingsInTables_equalThoseOfTheServices() throws IOException {
    String operators = text("docs/operators.md");
    String tables =
        operators.substring(operators.indexOf("## Settings"), operators.indexOf("## Operations"));

    assertThat(names(SETTING, tables)).isEqualTo(settingsOfTheServices());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "SECURITY.md",
        "RATIONALE.md",
        "docs/callers.md",
        "docs/operators.md",
        "docs/recognizer.md",
        "docs/redis.md"
      })
  void settingsInText_exist(String document) throws IOException {
    Set<String> known = settingsOfTheServices();
    known.addAll(names(IN_YAML, text("docker-compose.yml")));

    assertThat(names(SETTING, text(document))).isNotEmpty().isSubsetOf(known);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "bench",
        "chaos",
        "fuzz",
        "redis-connections",
        "smoke",
        "dead-letters",
        "mvnw",
        ".ci/run"
      })
  void commands_areExecutable(String command) throws IOException {
    assertThat(text("README.md")).contains(command.startsWith(".") ? command : "./" + command);
    assertThat(Files.isExecutable(ROOT.resolve(command))).isTrue();
  }

  @Test
  void pictures_exist() throws IOException {
    assertThat(names(IMAGE, text("README.md")))
        .isNotEmpty()
        .allMatch(file -> Files.exists(ROOT.resolve(file)));
  }

  private static Stream<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path directory : List.of(ROOT, ROOT.resolve("docs"))) {
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    return documents.stream();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_leadToFilesAndHeadings(Path document) throws IOException {
    List<String> broken = new ArrayList<>();
    for (MatchResult link : LINK.matcher(Files.readString(document)).results().toList()) {
      Path target =
          link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
      if (!Files.exists(target)
          || (link.group(2) != null && !anchors(target).contains(link.group(2)))) {
        broken.add(link.group());
      }
    }

    assertThat(broken).isEmpty();
  }

  /// The anchors of a document's headings, as GitHub names them.
  private static Set<String> anchors(Path document) throws IOException {
    Set<String> anchors = new TreeSet<>();
    for (String heading : names(HEADING, Files.readString(document))) {
      anchors.add(
          heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'));
    }
    return anchors;
  }
}
