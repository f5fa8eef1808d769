package io.verbatim.batch.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.testkit.providers.NumberedSpeech;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavAudioTest {

  private static final int DATA_SIZE = 40;

  @TempDir Path directory = Path.of("");

  private WavAudio read(byte[] bytes) throws IOException {
    return WavAudio.read(Files.write(directory.resolve("a.wav"), bytes));
  }

  @Test
  void header_isRead() throws IOException {
    WavAudio wav = read(NumberedSpeech.wav(3));

    assertThat(wav).isEqualTo(new WavAudio(1, 1, 16_000, 16, 44, 96_000));
    assertThat(wav.length()).isEqualTo(Duration.ofSeconds(3));
    assertThat(wav.header(96_000)).isEqualTo(Arrays.copyOf(NumberedSpeech.wav(3), 44));
  }

  /// Recorders that were interrupted leave such sizes.
  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
  void statedSizeThatIsWrong_isReplacedByTheFilesSize(int stated) throws IOException {
    byte[] bytes = NumberedSpeech.wav(2);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(DATA_SIZE, stated);

    assertThat(read(bytes).length()).isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @CsvSource({"22, 0", "24, 0", "34, 0", "34, -1"})
  void impossibleFormat_isUnreadable(int position, byte value) {
    byte[] bytes = NumberedSpeech.wav(1);
    bytes[position] = value;
    bytes[position + 1] = 0;

    assertThatExceptionOfType(BatchException.class).isThrownBy(() -> read(bytes));
  }
}
