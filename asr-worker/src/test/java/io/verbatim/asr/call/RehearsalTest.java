package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.deepgram.ApiKey;
import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.asr.deepgram.RehearsalServer;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  @Test
  void rehearsal_goesFromTheFirstByteToTheLastWord() {
    try (RehearsalServer server = new RehearsalServer();
        DeepgramRecognizer recognizer = at(server.url())) {
      assertThat(Rehearsal.hold(recognizer, Duration.ofSeconds(10)))
          .as("an interim and a final at least")
          .isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void rehearsalWithNobody_isOverWithoutAWord() {
    try (DeepgramRecognizer recognizer = at(URI.create("ws://127.0.0.1:1"))) {
      assertThat(Rehearsal.hold(recognizer, Duration.ofSeconds(10))).isZero();
    }
  }

  private static DeepgramRecognizer at(URI url) {
    return new DeepgramRecognizer(DeepgramSettings.of(url, new ApiKey("key"), "nova-3", ""));
  }
}
