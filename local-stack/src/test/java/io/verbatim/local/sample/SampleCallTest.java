package io.verbatim.local.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.audio.AudioCoding;
import java.nio.ShortBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleCallTest {
  private final SampleCall call = SampleCall.load();

  @Test
  void sound_isOneMinuteOf8KhzMono() {
    assertThat(call.sound().coding()).isEqualTo(AudioCoding.PCM16);
    assertThat(call.sound().sampleRateHz()).isEqualTo(8000);
    assertThat(call.sound().channels()).isEqualTo(1);
    assertThat(call.sound().duration()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(80));
  }

  @Test
  void words_areOrderedAndWithinTheSound() {
    List<SpokenWord> words =
        call.utterances().stream().flatMap(utterance -> utterance.words().stream()).toList();

    assertThat(words).hasSizeGreaterThan(120);
    for (int next = 1; next < words.size(); next++) {
      assertThat(words.get(next).startSample())
          .isGreaterThanOrEqualTo(words.get(next - 1).endSample());
    }
    assertThat(words.getLast().endSample()).isLessThan(call.samples().length);
  }

  @Test
  void utterances_arePausedBy300To800Ms() {
    for (int next = 1; next < call.utterances().size(); next++) {
      long pause =
          call.utterances().get(next).startSample() - call.utterances().get(next - 1).endSample();
      assertThat(pause * 1000 / SampleCall.RATE_HZ).isBetween(300L, 800L);
    }
  }

  @Test
  void any16Samples_occurOnlyOnce() {
    short[] samples = call.samples();
    Set<ShortBuffer> places = new HashSet<>();

    for (int at = 0; at + 16 <= samples.length; at++) {
      assertThat(places.add(ShortBuffer.wrap(samples, at, 16))).isTrue();
    }
  }
}
