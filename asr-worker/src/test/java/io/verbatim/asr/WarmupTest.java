package io.verbatim.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Secret;
import io.verbatim.service.Transport;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmupTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void warmup_writesInterimAndFinal() {
    assertThat(Warmup.run(loop, TIMEOUT)).as("an interim and a final").isGreaterThanOrEqualTo(2);
  }

  @Test
  void unreachableServer_endsWarmupWithoutResult() {
    try (DeepgramRecognizer recognizer =
        new DeepgramRecognizer(
            loop,
            DeepgramSettings.of(URI.create("ws://127.0.0.1:1"), new Secret("key"), "nova-3", ""))) {
      assertThat(Warmup.run(loop, recognizer, TIMEOUT)).isZero();
    }
  }
}
