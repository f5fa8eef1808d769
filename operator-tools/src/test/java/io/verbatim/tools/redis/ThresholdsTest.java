package io.verbatim.tools.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbatim.tools.redis.Thresholds.Threshold;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ThresholdsTest {

  @Test
  void threshold_isANumberOrAShare() {
    assertThat(Threshold.parse("25").of(10_000)).isEqualTo(25);
    assertThat(Threshold.parse("60%").of(30)).isEqualTo(18);
    assertThat(Threshold.parse("1%").of(30)).isEqualTo(1);
  }

  @Test
  void smallServer_lowersTheDefaults() {
    assertThat(new Threshold(20, 80).of(10_000)).isEqualTo(20);
    assertThat(new Threshold(20, 80).of(10)).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "0%", "101%", "many", ""})
  void otherText_isRefused(String text) {
    assertThatThrownBy(() -> Threshold.parse(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("such as 60%");
  }
}
