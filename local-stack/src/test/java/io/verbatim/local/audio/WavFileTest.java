package io.verbatim.local.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavFileTest {
  private static final byte[] SOUND = {1, 2, 3, 4, 5, 6, 7, 8};

  @ParameterizedTest
  @CsvSource({
    "1, 8000, 1, 16, PCM16, 320",
    "1, 16000, 1, 16, PCM16, 640",
    "1, 24000, 1, 16, PCM16, 960",
    "1, 48000, 2, 16, PCM16, 3840",
    "7, 8000, 1, 8, MULAW, 160",
    "6, 8000, 2, 8, ALAW, 320"
  })
  void supportedForm_isRead(
      int format, int rateHz, int channels, int bits, AudioCoding coding, int bytesPer20Ms) {
    WavFile wav = WavFile.parse(wav(format, rateHz, channels, bits, SOUND), "call.wav");

    assertThat(wav.coding()).isEqualTo(coding);
    assertThat(wav.sampleRateHz()).isEqualTo(rateHz);
    assertThat(wav.channels()).isEqualTo(channels);
    assertThat(wav.data()).isEqualTo(SOUND);
    assertThat(wav.bytesPer20Ms()).isEqualTo(bytesPer20Ms);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 44100, 1, 16, '44100 Hz, 1 channel, 16 bit'",
    "1, 8000, 1, 8, '8000 Hz, 1 channel, 8 bit'",
    "1, 8000, 6, 16, '6 channels'",
    "3, 48000, 2, 32, 'format tag 3'",
    "7, 16000, 1, 8, 'MULAW, 16000 Hz'"
  })
  void unsupportedForm_isRefusedWithItsName(
      int format, int rateHz, int channels, int bits, String found) {
    byte[] bytes = wav(format, rateHz, channels, bits, SOUND);

    assertThatThrownBy(() -> WavFile.parse(bytes, "call.wav"))
        .isInstanceOf(UnsupportedWavException.class)
        .hasMessageContaining("call.wav")
        .hasMessageContaining(found)
        .hasMessageContaining(WavFile.SUPPORTED);
  }

  @Test
  void fileWithoutRiffHeader_isRefused() {
    byte[] mp3 = "ID3 and some more bytes".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> WavFile.parse(mp3, "song.mp3"))
        .hasMessageStartingWith("song.mp3 is not a RIFF WAVE file");
    assertThatThrownBy(() -> WavFile.parse(new byte[0], "empty.wav"))
        .hasMessageStartingWith("empty.wav is not a RIFF WAVE file");
  }

  @Test
  void missingFile_isRefusedWithItsName() {
    assertThatThrownBy(() -> WavFile.read(Path.of("no-such-call.wav")))
        .isInstanceOf(UnsupportedWavException.class)
        .hasMessageStartingWith("no-such-call.wav is missing");
  }

  @Test
  void fileWithoutAudio_isRefused() {
    byte[] bytes = wav(1, 8000, 1, 16, SOUND);

    assertThatThrownBy(() -> WavFile.parse(Arrays.copyOf(bytes, 36), "cut.wav"))
        .hasMessageContaining("a WAV file without audio");
  }

  @Test
  void truncatedRecording_isReadToItsEnd() {
    byte[] bytes = wav(1, 8000, 1, 16, SOUND);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - SOUND.length - 4, -1);

    WavFile wav = WavFile.parse(Arrays.copyOf(bytes, bytes.length - 1), "cut.wav");

    assertThat(wav.data()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void otherChunks_areSkipped() {
    byte[] plain = wav(1, 8000, 1, 16, SOUND);
    byte[] list = chunk("LIST", new byte[] {9, 9, 9});
    ByteBuffer all = ByteBuffer.allocate(plain.length + list.length);
    all.put(plain, 0, 36).put(list).put(plain, 36, plain.length - 36);

    assertThat(WavFile.parse(all.array(), "tagged.wav").data()).isEqualTo(SOUND);
  }

  @Test
  void first_returnsTheBeginning() {
    WavFile wav = WavFile.parse(wav(1, 8000, 1, 16, new byte[32_000]), "call.wav");

    assertThat(wav.duration()).isEqualTo(Duration.ofSeconds(2));
    assertThat(wav.first(Duration.ofMillis(500)).duration()).isEqualTo(Duration.ofMillis(500));
    assertThat(wav.first(Duration.ofSeconds(9)).duration()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void samples_areDecodedByCoding() {
    assertThat(AudioCoding.PCM16.sampleAt(new byte[] {0x34, (byte) 0xf2}, 0))
        .isEqualTo((short) 0xf234);
    assertThat(AudioCoding.MULAW.sampleAt(new byte[] {(byte) 0xff}, 0)).isZero();
    assertThat(AudioCoding.MULAW.sampleAt(new byte[] {0x00}, 0)).isEqualTo((short) -32124);
    assertThat(AudioCoding.ALAW.sampleAt(new byte[] {(byte) 0xd5}, 0)).isEqualTo((short) 8);
    assertThat(AudioCoding.ALAW.sampleAt(new byte[] {0x2a}, 0)).isEqualTo((short) -32256);
  }

  private static byte[] wav(int format, int rateHz, int channels, int bits, byte[] sound) {
    int width = channels * bits / 8;
    byte[] description =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) format)
            .putShort((short) channels)
            .putInt(rateHz)
            .putInt(rateHz * width)
            .putShort((short) width)
            .putShort((short) bits)
            .array();
    byte[] chunks = concat(chunk("fmt ", description), chunk("data", sound));
    return concat(
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(ascii("RIFF"))
            .putInt(chunks.length + 4)
            .put(ascii("WAVE"))
            .array(),
        chunks);
  }

  private static byte[] chunk(String name, byte[] content) {
    return ByteBuffer.allocate(8 + content.length + (content.length & 1))
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii(name))
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static byte[] concat(byte[] head, byte[] tail) {
    return ByteBuffer.allocate(head.length + tail.length).put(head).put(tail).array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
