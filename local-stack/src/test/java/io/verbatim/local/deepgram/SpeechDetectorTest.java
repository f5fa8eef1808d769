package io.verbatim.local.deepgram;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.deepgram.RecognitionEvent.Segment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeechDetectorTest {
  private static final int RATE = 16_000;

  private final SpeechDetector detector = new SpeechDetector(RATE, 0, 0);
  private final List<RecognitionEvent> events = new ArrayList<>();

  @Test
  void speech_becomesOneFinalWithoutWords() {
    quiet(1.0);
    voice(2.0);
    quiet(1.0);

    List<Segment> finals = finals();
    assertThat(finals).hasSize(2);
    assertThat(finals.get(0).transcript()).isEmpty();
    Segment speech = finals.get(1);
    assertThat(speech.transcript()).isEqualTo("[speech]");
    assertThat(speech.words()).isEmpty();
    assertThat(speech.speechFinal()).isTrue();
    assertThat(seconds(speech.start())).isBetween(0.95, 1.05);
    assertThat(seconds(speech.end())).isBetween(2.95, 3.05);
  }

  @Test
  void silence_becomesEmptyFinalsOfAtMost5Seconds() {
    quiet(16.0);

    assertThat(finals()).hasSize(3).allMatch(segment -> segment.transcript().isEmpty());
    assertThat(seconds(detector.finalEnd())).isEqualTo(15.0);
  }

  @Test
  void finals_areContiguous() {
    for (int round = 0; round < 5; round++) {
      voice(1.5);
      quiet(2.0);
    }
    events.addAll(detector.flush(receivedSamples()));

    long end = 0;
    for (Segment segment : finals()) {
      assertThat(segment.start()).isEqualTo(end);
      end = segment.end();
    }
    assertThat(end).isEqualTo(receivedSamples());
  }

  @Test
  void longSpeech_isSplitAfter10Seconds() {
    for (int syllable = 0; syllable < 60; syllable++) {
      voice(0.2);
      quiet(0.1);
    }

    assertThat(finals().getFirst().transcript()).isEqualTo("[speech]");
    assertThat(finals().getFirst().speechFinal()).isFalse();
    assertThat(seconds(finals().getFirst().end())).isBetween(9.9, 10.1);
  }

  @Test
  void clickOf20Ms_isIgnored() {
    quiet(1.0);
    voice(0.02);
    quiet(1.0);

    assertThat(events).isEmpty();
  }

  @Test
  void silenceAfterFlushInSpeech_isNotReportedAsSpeech() {
    voice(1.0);
    quiet(0.3);
    events.addAll(detector.flush(receivedSamples()));
    quiet(1.0);

    assertThat(finals()).extracting(Segment::transcript).containsExactly("[speech]");
  }

  private long received;

  private long receivedSamples() {
    return received;
  }

  private void voice(double seconds) {
    play(seconds, 4000);
  }

  private void quiet(double seconds) {
    play(seconds, 20);
  }

  private void play(double seconds, int amplitude) {
    short[] samples = new short[(int) (seconds * RATE)];
    for (int index = 0; index < samples.length; index++) {
      samples[index] = (short) (amplitude * Math.sin(2 * Math.PI * 300 * index / RATE));
    }
    received += samples.length;
    events.addAll(detector.accept(samples, 0, samples.length));
  }

  private List<Segment> finals() {
    return events.stream()
        .filter(Segment.class::isInstance)
        .map(Segment.class::cast)
        .filter(Segment::isFinal)
        .toList();
  }

  private static double seconds(long samples) {
    return (double) samples / RATE;
  }
}
