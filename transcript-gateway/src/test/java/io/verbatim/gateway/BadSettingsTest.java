package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.service.BadSettings;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An invalid value of any setting is refused with one sentence that names the setting. The file
/// `bad-settings.txt` has the values and the sentences.
class BadSettingsTest {
  private static final Map<String, String> VALID =
      Map.of("JWT_PUBLIC_KEY", TestTokens.publicKeyPem());

  private static Stream<BadSettings.Row> rows() {
    return BadSettings.rows(BadSettingsTest.class);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void badValue_isRefusedInOneSentenceThatNamesTheSetting(BadSettings.Row row) {
    assertThat(BadSettings.refusal(GatewayApplication.SERVICE, VALID, row.settings()))
        .isEqualTo(row.sentence())
        .contains(row.name());
  }

  @Test
  void everySetting_hasARow() {
    assertThat(rows().map(BadSettings.Row::name).collect(Collectors.toSet()))
        .isEqualTo(BadSettings.names(GatewayApplication.SERVICE));
  }
}
