package io.verbatim.observability;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What a PromQL expression refers to.
final class PromQl {
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![\\w.])([a-zA-Z_][\\w:]*)(?:\\{([^}]*)})?(?!\\s*\\(|\\w)");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"");
  private static final Set<String> KEYWORDS =
      Set.of("or", "and", "unless", "bool", "offset", "inf");

  /// Labels that Prometheus adds, and that of buckets.
  private static final Set<String> ADDED_LABELS = Set.of("job", "instance", "le");

  /// A metric with the labels that it is selected by.
  private record Selector(String metric, Set<String> labels) {}

  private PromQl() {}

  /// The metrics and labels of an expression that no service has, with the reason.
  static List<String> unknown(String expression) {
    Map<String, Set<String>> series = MetricsTable.series();
    List<String> unknown = new ArrayList<>();
    Set<String> labels = new TreeSet<>(ADDED_LABELS);
    for (Selector selector : selectors(expression)) {
      Set<String> known = series.get(selector.metric());
      if (known == null) {
        unknown.add("no metric " + selector.metric());
        continue;
      }
      labels.addAll(known);
      selector.labels().stream()
          .filter(label -> !known.contains(label) && !ADDED_LABELS.contains(label))
          .forEach(label -> unknown.add(selector.metric() + " has no label " + label));
    }
    GROUPING
        .matcher(expression)
        .results()
        .flatMap(grouping -> List.of(grouping.group(1).split("\\s*,\\s*", -1)).stream())
        .map(String::strip)
        .filter(label -> !labels.contains(label))
        .forEach(label -> unknown.add("grouped by an unknown label " + label));
    return unknown;
  }

  /// The metrics of an expression.
  static Set<String> metrics(String expression) {
    Set<String> metrics = new TreeSet<>();
    selectors(expression).forEach(selector -> metrics.add(selector.metric()));
    return metrics;
  }

  private static List<Selector> selectors(String expression) {
    List<Selector> selectors = new ArrayList<>();
    for (MatchResult match :
        SELECTOR.matcher(GROUPING.matcher(expression).replaceAll(" ")).results().toList()) {
      if (!KEYWORDS.contains(match.group(1))) {
        Set<String> labels = new TreeSet<>();
        MATCHER
            .matcher(match.group(2) == null ? "" : match.group(2))
            .results()
            .forEach(label -> labels.add(label.group(1)));
        selectors.add(new Selector(match.group(1), labels));
      }
    }
    return selectors;
  }
}
