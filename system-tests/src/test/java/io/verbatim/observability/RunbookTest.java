package io.verbatim.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.observability.AlertRules.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Checks that the runbook names only metrics, settings, log events, paths, commands and figures
/// that exist.
class RunbookTest {
  private static final Path ROOT = MetricsTable.ROOT;
  private static final Set<String> SERVICES =
      Set.of("ingest-service", "asr-worker", "transcript-gateway");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern METRIC =
      Pattern.compile("((?:verbatim|jvm|logback|process)_[a-z_<>]+)(\\{.*})?");
  private static final Pattern SETTING =
      Pattern.compile("([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|LEASE|PORT)");
  private static final Pattern IN_YAML = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");
  private static final Pattern EVENT = Pattern.compile("[a-z]+\\.[a-z_]+");
  private static final Pattern URL_PATH =
      Pattern.compile("(?:\"\\$(?:INGEST|WORKER|GATEWAY))(/[^\"?]*)");
  private static final Pattern SEVERITY =
      Pattern.compile("(?m)^\\| ([123]) \\| [^|]+ \\| [^|]+ \\| ([^|]+) \\|$");
  private static final Pattern CAPACITY =
      Pattern.compile("(?m)^\\| (ingest|worker|gateway|Redis), ([\\d,]+) [^|]*\\| ([\\d.]+) \\|");

  /// Words with a dot that are not log events.
  private static final Set<String> FILES = Set.of("render.yaml");

  private static Stream<String> code() {
    return CODE.matcher(Runbook.text()).results().map(match -> match.group(1));
  }

  @Test
  void metrics_exist() {
    List<String> unknown = new ArrayList<>();
    code()
        .map(METRIC::matcher)
        .filter(Matcher::matches)
        .forEach(metric -> {
          for (String service : MetricsTable.SERVICES) {
            String selector = metric.group().replace("<service>", service);
            if (!PromQl.unknown(seriesOf(selector)).isEmpty()) {
              unknown.add(selector);
            }
          }
        });

    assertThat(unknown).isEmpty();
    assertThat(code().filter(name -> METRIC.matcher(name).matches()).count()).isGreaterThan(40);
  }

  /// A histogram is named without the suffix of its series.
  private static String seriesOf(String selector) {
    Map<String, Set<String>> series = MetricsTable.series();
    return series.containsKey(selector + "_count") ? selector + "_count" : selector;
  }

  @Test
  void settings_exist() throws IOException {
    Set<String> settings = new TreeSet<>();
    for (String service : SERVICES) {
      IN_YAML
          .matcher(
              Files.readString(
                  ROOT.resolve(service + "/src/main/resources/" + service + "/application.yml")))
          .results()
          .forEach(setting -> settings.add(setting.group(1)));
    }
    settings.add("JAVA_HEAP"); // Of the image.

    assertThat(code().filter(name -> SETTING.matcher(name).matches()))
        .isNotEmpty()
        .isSubsetOf(settings);
  }

  @Test
  void logEvents_areInTheCode() throws IOException {
    String sources = sources();

    assertThat(code().filter(name -> EVENT.matcher(name).matches() && !FILES.contains(name)))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(sources).containsPattern("\"" + event + "[ \"]"));
  }

  @Test
  void paths_areServed() throws IOException {
    String sources = sources();
    List<String> paths =
        Runbook.commands().stream()
            .flatMap(command -> URL_PATH.matcher(command).results())
            .map(match -> match.group(1).replace("CALL_ID", "{callId}").replace("/ID", "/{id}"))
            .toList();

    assertThat(paths).isNotEmpty().allSatisfy(path -> assertThat(sources).contains("\"" + path));
  }

  @Test
  void commands_areOfKnownPrograms() {
    assertThat(Runbook.commands()).allMatch(line -> line.matches("(curl|redis-cli) .*"));
    assertThat(code().filter(name -> name.startsWith("./")))
        .isNotEmpty()
        .allMatch(command -> Files.isExecutable(ROOT.resolve(command)));
    assertThat(
            code()
                .filter(
                    name -> name.matches("(deploy|docs)/\\S+|render\\.yaml|docker-compose\\.yml")))
        .allMatch(file -> Files.exists(ROOT.resolve(file)));
  }

  @Test
  void severities_areThoseOfTheAlerts() {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (MatchResult row : SEVERITY.matcher(Runbook.text()).results().toList()) {
      Set<String> names = new TreeSet<>();
      CODE.matcher(row.group(2)).results().forEach(name -> names.add(name.group(1)));
      documented.put(row.group(1), names);
    }
    Map<String, Set<String>> actual = new TreeMap<>();
    for (Alert alert : AlertRules.alerts()) {
      actual.computeIfAbsent(alert.severity(), _ -> new TreeSet<>()).add(alert.name());
    }

    assertThat(documented).isEqualTo(actual);
  }

  /// The cost per frame or event of each row is in the row of the benchmarks with as many calls or
  /// streams.
  @Test
  void capacity_hasTheFiguresOfTheBenchmarks() throws IOException {
    List<String> measured = Files.readString(ROOT.resolve("docs/benchmarks.md")).lines().toList();
    List<MatchResult> rows = CAPACITY.matcher(Runbook.text()).results().toList();

    assertThat(rows)
        .hasSizeGreaterThanOrEqualTo(8)
        .allSatisfy(row -> {
          String count = row.group(2).replace(",", "");
          assertThat(measured)
              .as(row.group())
              .anyMatch(line ->
                  line.startsWith("| " + count + " ") && line.contains(" " + row.group(3) + " ("));
        });
  }

  private static String sources() throws IOException {
    StringBuilder sources = new StringBuilder();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module :
          modules.filter(path -> Files.isDirectory(path.resolve("src/main"))).toList()) {
        try (Stream<Path> files = Files.walk(module.resolve("src/main"))) {
          for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
            sources.append(Files.readString(file));
          }
        }
      }
    }
    return sources.toString();
  }
}
