package io.verbatim.local.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.testkit.providers.NumberedSpeech;
import io.verbatim.testkit.providers.NumberedSpeech.Word;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SampleRecognitionTest {

  private static final int HEADER_BYTES = 44;
  private static final SampleCall SAMPLE = SampleCall.load();

  private final SampleRecognition recognition = new SampleRecognition(SAMPLE);

  private static String text(List<Word> words) {
    return words.stream().map(Word::text).collect(Collectors.joining(" "));
  }

  @Test
  void sampleCall_hasTheWordsOfItsScript() {
    List<Word> words = recognition.recognize(SampleCall.file());

    String script =
        SAMPLE.utterances().stream()
            .map(utterance -> utterance.text())
            .collect(Collectors.joining(" "));
    assertThat(text(words)).isEqualTo(script);
    assertThat(words).extracting(Word::speaker).contains(0, 1);
    assertThat(words.getFirst().start()).isEqualTo(0.6);
  }

  @Test
  void beginningOfSampleCall_hasItsFirstWords() {
    byte[] firstTwoSeconds =
        Arrays.copyOf(SampleCall.file(), HEADER_BYTES + 2 * 2 * SampleCall.RATE_HZ);

    assertThat(text(recognition.recognize(firstTwoSeconds))).isEqualTo("Thank you for calling");
  }

  @Test
  void otherRecording_hasASentenceThatSaysSo() {
    byte[] mp3 = "ID3 of a song".getBytes(StandardCharsets.US_ASCII);

    assertThat(text(recognition.recognize(NumberedSpeech.wav(2))))
        .isEqualTo(
            "This provider is simulated. It received a recording of 64,044 bytes, which it does not"
                + " know.");
    assertThat(text(recognition.recognize(mp3))).contains("13 bytes");
  }
}
