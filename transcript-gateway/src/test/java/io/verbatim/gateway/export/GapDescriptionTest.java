package io.verbatim.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GapDescriptionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        GapReason.RETENTION,
        GapReason.RECOGNIZER_UNAVAILABLE,
        GapReason.LOG_LOST,
        GapReason.POISONOUS
      })
  void reason_isSaidInTheSameWordsByExportsAndByThePage(String reason) throws IOException {
    String words = GapDescription.of(new TranscriptEntry.Gap("320-0", Link.NONE, 0, 3_200, reason));

    assertThat(words).startsWith("3.2 s not transcribed: ").doesNotContain(reason);
    String why = words.substring(words.indexOf(": ") + 2);
    assertThat(page()).contains(reason + ": \"" + why + "\"");
  }

  private static String page() throws IOException {
    try (var page = GapDescriptionTest.class.getResourceAsStream("/static/format.js")) {
      return new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
