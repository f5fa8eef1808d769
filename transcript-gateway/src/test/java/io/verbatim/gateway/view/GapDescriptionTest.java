package io.verbatim.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.TranscriptEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GapDescriptionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        GapReason.RETENTION,
        GapReason.RECOGNIZER_UNAVAILABLE,
        GapReason.LOG_LOST,
        GapReason.POISON_CALL
      })
  void knownReason_hasItsOwnText(String reason) {
    assertThat(described(3_200, reason))
        .startsWith("3.2 s not transcribed: ")
        .doesNotEndWith(reason.replace('_', ' '));
  }

  @Test
  void unknownReason_isShownOnOneLine() {
    assertThat(described(1_000, "new_\nreason")).isEqualTo("1.0 s not transcribed: new reason");
  }

  @Test
  void shortGap_isNotZeroSeconds() {
    assertThat(described(20, GapReason.RETENTION)).startsWith("0.1 s ");
  }

  private static String described(long millis, String reason) {
    return GapDescription.of(new TranscriptEntry.Gap("320-0", Link.NONE, 0, millis, reason));
  }
}
