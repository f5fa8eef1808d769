package io.verbatim.record.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {

  @Test
  void generalAndSingleTenants_areParsed() {
    assertThat(Retention.parse("ARCHIVE_RETENTION", "90d"))
        .isEqualTo(new Retention(Duration.ofDays(90), Map.of()));
    assertThat(Retention.parse("ARCHIVE_RETENTION", "acme=365d, 12h ,a=b=30m"))
        .isEqualTo(
            new Retention(
                Duration.ofHours(12),
                Map.of("acme", Duration.ofDays(365), "a=b", Duration.ofMinutes(30))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "90", "0d", "-1d", "90d,30d", "acme=30d", "90d,=30d", "90d,", "1y"})
  void invalidText_isRefusedByName(String text) {
    assertThatThrownBy(() -> Retention.parse("ARCHIVE_RETENTION", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ARCHIVE_RETENTION must be a duration such as 90d");
  }
}
