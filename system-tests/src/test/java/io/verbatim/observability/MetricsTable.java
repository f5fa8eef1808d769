package io.verbatim.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The metrics that docs/metrics.md lists. `MetricsIT` compares the table with running services.
final class MetricsTable {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /// The services' names in metrics.
  static final Set<String> SERVICES = Set.of("ingest", "asr", "gateway");

  private static final String SERVICE = "<service>";
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z_<>]+)` \\| (\\w+) \\| ([^|]*) \\| ([^|]+) \\|$");
  private static final Pattern LABEL = Pattern.compile("`(\\w+)`");

  /// One metric.
  ///
  /// @param type `counter`, `gauge`, `histogram` or `summary`
  record Metric(String name, String type, Set<String> labels, String description) {

    /// The metric as a row of the table.
    String row() {
      String names =
          labels.isEmpty()
              ? "none"
              : labels.stream()
                  .sorted()
                  .map(label -> "`" + label + "`")
                  .collect(Collectors.joining(", "));
      return "| `%s` | %s | %s | %s |".formatted(name, type, names, description);
    }

    /// The names of its time series.
    List<String> series() {
      return switch (type) {
        case "histogram" ->
            List.of(name + "_bucket", name + "_count", name + "_sum", name + "_max");
        case "summary" -> List.of(name + "_count", name + "_sum", name + "_max");
        default -> List.of(name);
      };
    }
  }

  private static final List<Metric> ROWS = read();
  private static final Map<String, Set<String>> SERIES = seriesOfRows();

  private MetricsTable() {}

  /// The rows as they are written, with `<service>` for a metric of every service.
  static List<Metric> rows() {
    return ROWS;
  }

  private static List<Metric> read() {
    try {
      return ROW.matcher(Files.readString(ROOT.resolve("docs/metrics.md")))
          .results()
          .map(MetricsTable::metric)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Metric metric(MatchResult row) {
    Set<String> labels = new TreeSet<>();
    LABEL.matcher(row.group(3)).results().forEach(label -> labels.add(label.group(1)));
    return new Metric(row.group(1), row.group(2), labels, row.group(4));
  }

  /// The time series that Prometheus has, with the labels of each.
  static Map<String, Set<String>> series() {
    return SERIES;
  }

  private static Map<String, Set<String>> seriesOfRows() {
    Map<String, Set<String>> series = new TreeMap<>();
    series.put("up", Set.of()); // added by Prometheus
    for (Metric row : ROWS) {
      for (String name : named(row.name())) {
        Metric metric = new Metric(name, row.type(), row.labels(), row.description());
        metric.series().forEach(one -> series.put(one, metric.labels()));
      }
    }
    return Collections.unmodifiableMap(series);
  }

  private static List<String> named(String name) {
    return name.contains(SERVICE)
        ? SERVICES.stream().map(service -> name.replace(SERVICE, service)).toList()
        : List.of(name);
  }

  /// The metrics of the services' own code in the table's form: a metric that all services have is
  /// one.
  ///
  /// @param scrapes what each service serves at `/actuator/prometheus`
  static Stream<Metric> ofScrapes(List<String> scrapes) {
    Map<String, Metric> all = new TreeMap<>();
    scrapes.forEach(scrape -> ofScrape(scrape).forEach(metric -> all.put(metric.name(), metric)));
    return all.values().stream().map(metric -> shared(metric, all)).distinct();
  }

  private static Metric shared(Metric metric, Map<String, Metric> all) {
    String name = metric.name().replaceFirst("verbatim_[a-z]+_", "verbatim_" + SERVICE + "_");
    Metric shared = new Metric(name, metric.type(), metric.labels(), metric.description());
    boolean everywhere =
        named(name).stream()
            .allMatch(one ->
                all.containsKey(one)
                    && all.get(one).type().equals(metric.type())
                    && all.get(one).labels().equals(metric.labels())
                    && all.get(one).description().equals(metric.description()));
    return everywhere ? shared : metric;
  }

  private static List<Metric> ofScrape(String scrape) {
    Map<String, String> help = families("HELP", scrape);
    Map<String, String> types = families("TYPE", scrape);
    return types.keySet().stream()
        .filter(name -> name.startsWith("verbatim_"))
        .filter(name -> !isMaximum(name, types))
        .map(name ->
            new Metric(
                name,
                types.getOrDefault(name, "untyped"),
                labels(name, scrape),
                help.getOrDefault(name, "no description").replace("\\\\", "\\")))
        .toList();
  }

  /// Whether the family is the maximum of a histogram or a summary.
  private static boolean isMaximum(String name, Map<String, String> types) {
    return name.endsWith("_max")
        && Set.of("histogram", "summary")
            .contains(types.getOrDefault(name.substring(0, name.length() - 4), ""));
  }

  private static Map<String, String> families(String comment, String scrape) {
    Map<String, String> families = new TreeMap<>();
    Pattern.compile("(?m)^# " + comment + " (\\S+) (.*)$")
        .matcher(scrape)
        .results()
        .forEach(family -> families.put(family.group(1), family.group(2)));
    return families;
  }

  private static Set<String> labels(String name, String scrape) {
    Set<String> labels = new TreeSet<>();
    Pattern.compile("(?m)^" + name + "(?:_bucket|_count|_sum)?\\{([^}]*)}")
        .matcher(scrape)
        .results()
        .flatMap(sample -> Pattern.compile("(\\w+)=\"").matcher(sample.group(1)).results())
        .forEach(label -> labels.add(label.group(1)));
    labels.removeAll(Set.of("le", "quantile"));
    return labels;
  }
}
