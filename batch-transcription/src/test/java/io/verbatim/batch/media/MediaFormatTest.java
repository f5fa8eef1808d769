package io.verbatim.batch.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaFormatTest {

  /// `\x` begins a byte in hexadecimal.
  @ParameterizedTest
  @CsvSource({
    "RIFF....WAVEfmt , WAV",
    "RIFF....AVI LIST, ",
    "fLaC, FLAC",
    "OggS, OGG",
    "ID3\\x04, MP3",
    "\\xff\\xfb\\x90\\x64, MP3",
    "\\xff\\xfb\\xf0\\x64, ",
    "\\xff\\xf1\\x50\\x80, ",
    "\\x1aE\\xdf\\xa3....B\\x82webm, WEBM",
    "\\x1aE\\xdf\\xa3....B\\x82matroska, MKV",
    "'....ftypM4A ', M4A",
    "....ftypisom, MP4",
    "'....ftypqt  ', MOV",
    "....moov, MOV",
    "#EXTM3U, ",
    "RIFF, ",
    "x, ",
  })
  void format_isRecognisedByTheFirstBytes(String head, MediaFormat expected) {
    byte[] bytes = bytes(head);

    assertThat(MediaFormat.of(bytes)).isEqualTo(Optional.ofNullable(expected));
  }

  private static byte[] bytes(String text) {
    StringBuilder latin = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      boolean isByte = text.startsWith("\\x", i);
      latin.append(
          isByte ? (char) Integer.parseInt(text.substring(i + 2, i + 4), 16) : text.charAt(i));
      i += isByte ? 3 : 0;
    }
    return latin.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
