package io.verbatim.observability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTest {

  @Test
  void metrics_areFound() {
    assertThat(
            PromQl.metrics(
                "histogram_quantile(0.95, sum by (le) (rate(a_bucket{x=\"y(z)\"}[5m]))) > 2 * max(b"
                    + " or c)"))
        .containsExactly("a_bucket", "b", "c");
  }

  @Test
  void unknownMetric_isReported() {
    assertThat(PromQl.unknown("sum(verbatim_ingest_calls_lived)"))
        .containsExactly("no metric verbatim_ingest_calls_lived");
  }

  @Test
  void unknownLabel_isReported() {
    assertThat(PromQl.unknown("verbatim_asr_gap_seconds_total{cause=\"x\"}"))
        .containsExactly("verbatim_asr_gap_seconds_total has no label cause");
    assertThat(PromQl.unknown("sum by (cause) (verbatim_asr_gap_seconds_total)"))
        .containsExactly("grouped by an unknown label cause");
  }

  @Test
  void knownExpression_hasNothingUnknown() {
    assertThat(
            PromQl.unknown(
                "sum by (reason) (rate(verbatim_asr_gap_seconds_total{job=\"verbatim-asr\"}[5m])) >"
                    + " 0"))
        .isEmpty();
  }
}
