package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallLanguageTest {
  private static final Set<String> OFFERED = Set.of("en", "fr", "multi", "hi");

  @ParameterizedTest
  @CsvSource({"fr,fr", "FR,fr", " hi ,hi", "multi,multi"})
  void offeredLanguage_isUsed(String requested, String used) {
    assertThat(CallLanguage.of(requested, OFFERED, "en")).isEqualTo(new CallLanguage(used, ""));
  }

  @ParameterizedTest
  @CsvSource(
      value = {"''", "' '", "NULL"},
      nullValues = "NULL")
  void noLanguage_usesDefault(@Nullable String requested) {
    assertThat(CallLanguage.of(requested, OFFERED, "en")).isEqualTo(new CallLanguage("en", ""));
  }

  @Test
  void regionalForm_usesItsLanguage() {
    assertThat(CallLanguage.of("fr-CA", OFFERED, "en"))
        .isEqualTo(new CallLanguage("fr", "language 'fr-CA' is not offered, using fr"));
  }

  @Test
  void languageNotOffered_fallsBackAndIsQuotedSafely() {
    assertThat(CallLanguage.of("<script>alert(1)</script>", OFFERED, "en"))
        .isEqualTo(
            new CallLanguage("en", "language '?script?alert?1???sc' is not offered, using en"));
  }
}
