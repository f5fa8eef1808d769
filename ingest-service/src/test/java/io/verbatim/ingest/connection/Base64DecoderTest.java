package io.verbatim.ingest.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64DecoderTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final SplittableRandom RANDOM = new SplittableRandom(7);

  @Test
  void textOfAnyLength_isDecoded() {
    for (int length = 1; length < 700; length++) {
      byte[] bytes = bytes(length);
      byte[] text = ("x" + Base64.getEncoder().encodeToString(bytes) + "y").getBytes(US_ASCII);

      assertThat(Base64Decoder.decode(text, 1, text.length - 1)).isEqualTo(bytes);
    }
  }

  @Test
  void anyByteAtAnyIndex_isDecodedAsByTheJdkOrRejected() {
    for (String valid : new String[] {"QUJDREVG", "QUJDREU=", "QUJDRA=="}) {
      for (int index = 0; index < valid.length(); index++) {
        for (int value = 0; value < 256; value++) {
          byte[] text = valid.getBytes(US_ASCII);
          text[index] = (byte) value;

          byte[] decoded = Base64Decoder.decode(text, 0, text.length);

          if (decoded != null) {
            assertThat(decoded).isEqualTo(Base64.getDecoder().decode(text));
          } else {
            assertThat(ALPHABET.indexOf(value) < 0 || valid.charAt(index) == '=')
                .as("%s with %d at %d", valid, value, index)
                .isTrue();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "AA", "AAA", "AAAAA", "====", "A===", "AA=A", "=AAA", "_-8="})
  void nonCanonicalText_isRejected(String text) {
    assertThat(Base64Decoder.decode(text.getBytes(ISO_8859_1), 0, text.length())).isNull();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
