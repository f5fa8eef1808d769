package io.verbatim.batch.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbatim.batch.media.SilenceCutter.Part;
import io.verbatim.testkit.providers.NumberedSpeech;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SilenceCutterTest {

  private static final int HEADER = 44;

  @TempDir Path directory = Path.of("");

  @ParameterizedTest
  @ValueSource(longs = {96_000, 100_002, 130_000, 199_998, 320_000})
  void cut_isBetweenWordsAndLosesNoSample(long maxBytes) throws IOException {
    byte[] speech = NumberedSpeech.wav(10);
    Path file = Files.write(directory.resolve("speech.wav"), speech);
    WavAudio wav = WavAudio.read(file);

    List<Part> parts = SilenceCutter.cut(file, wav, maxBytes);

    List<String> words = new ArrayList<>();
    long expectedStart = 0;
    for (Part part : parts) {
      assertThat(part.start()).isEqualTo(expectedStart);
      assertThat(part.bytes()).isBetween(1L, maxBytes);
      expectedStart = part.end();
      words.addAll(recognized(speech, wav, part));
    }
    assertThat(expectedStart).isEqualTo(wav.dataBytes());
    assertThat(words).isEqualTo(IntStream.range(0, 10).mapToObj(number -> "w" + number).toList());
  }

  private static List<String> recognized(byte[] speech, WavAudio wav, Part part) {
    byte[] header = wav.header(part.bytes());
    byte[] alone = Arrays.copyOf(header, HEADER + (int) part.bytes());
    System.arraycopy(speech, HEADER + (int) part.start(), alone, HEADER, (int) part.bytes());
    return NumberedSpeech.recognize(alone).stream().map(NumberedSpeech.Word::text).toList();
  }

  @Test
  void otherCoding_isRefused() throws IOException {
    byte[] speech = NumberedSpeech.wav(1);
    speech[20] = 7;
    Path file = Files.write(directory.resolve("mulaw.wav"), speech);
    WavAudio wav = WavAudio.read(file);

    assertThatIllegalArgumentException().isThrownBy(() -> SilenceCutter.cut(file, wav, 100_000));
  }
}
