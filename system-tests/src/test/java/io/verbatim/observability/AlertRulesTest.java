package io.verbatim.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.observability.AlertRules.Alert;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks the alerts without promtool: their metrics, tests and sections of the runbook exist.
class AlertRulesTest {
  private static final Pattern JOB = Pattern.compile("job=~?\"([^\"]+)\"");

  private static Stream<Alert> alerts() {
    return AlertRules.alerts().stream();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void metricsAndLabels_exist(Alert alert) {
    assertThat(PromQl.metrics(alert.expression())).isNotEmpty();
    assertThat(PromQl.unknown(alert.expression())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void severityAndSummary_areGiven(Alert alert) {
    assertThat(alert.name()).matches("Verbatim[A-Z]\\w+");
    assertThat(alert.severity()).matches("[123]");
    assertThat(alert.summary()).endsWith(".");
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void runbookSection_namesTheAlert(Alert alert) {
    assertThat(alert.runbook()).startsWith("docs/runbook.md#");

    assertThat(Runbook.section(alert.runbook().substring("docs/runbook.md#".length())))
        .as(alert.runbook())
        .contains("`" + alert.name() + "`");
  }

  @Test
  void everyAlert_hasATestInWhichItFiresAndOneInWhichItDoesNot() {
    List<Map<String, Object>> checks =
        AlertRules.list(AlertRules.yaml(AlertRules.TESTS).get("tests")).stream()
            .flatMap(test -> AlertRules.list(test.get("alert_rule_test")).stream())
            .toList();

    assertThat(alerts().map(Alert::name))
        .doesNotHaveDuplicates()
        .allSatisfy(name -> {
          assertThat(checks)
              .as(name + " fires")
              .anyMatch(check -> name.equals(check.get("alertname")) && fires(check));
          assertThat(checks)
              .as(name + " does not fire")
              .anyMatch(check -> name.equals(check.get("alertname")) && !fires(check));
        });
  }

  private static boolean fires(Map<String, Object> check) {
    return !AlertRules.list(check.get("exp_alerts")).isEmpty();
  }

  @Test
  void jobs_areNamedAfterTheServices() {
    Set<String> jobs = new TreeSet<>();
    for (Alert alert : AlertRules.alerts()) {
      JOB.matcher(alert.expression())
          .results()
          .flatMap(job -> Stream.of(job.group(1).split("\\|")))
          .forEach(jobs::add);
    }

    assertThat(jobs).containsExactly("asr-worker", "ingest-service", "transcript-gateway");
  }
}
