package io.verbatim.ingest.connection;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Decodes canonical base64 only: the standard alphabet, padded.
///
/// One pass over the text, one allocation of the exact size. The JDK's decoders give the same bytes
/// for canonical text and handle all other text.
public final class Base64Decoder {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /// The bits of each character, shifted to its position in a group of four; negative if invalid.
  private static final int[] FIRST = shifted(18);

  private static final int[] SECOND = shifted(12);
  private static final int[] THIRD = shifted(6);
  private static final int[] FOURTH = shifted(0);

  private Base64Decoder() {}

  private static int[] shifted(int bits) {
    int[] table = new int[256];
    Arrays.fill(table, Integer.MIN_VALUE);
    for (int value = 0; value < ALPHABET.length(); value++) {
      table[ALPHABET.charAt(value)] = value << bits;
    }
    return table;
  }

  /// Decodes the ASCII bytes in a range. Null if they are empty or not canonical.
  public static byte @Nullable [] decode(byte[] text, int from, int to) {
    int length = to - from;
    if (length <= 0 || length % 4 != 0) {
      return null;
    }
    int padding = text[to - 1] != '=' ? 0 : text[to - 2] != '=' ? 1 : 2;
    byte[] decoded = new byte[length / 4 * 3 - padding];
    int seen = 0;
    int at = 0;
    int end = padding == 0 ? to : to - 4;
    for (int i = from; i < end; i += 4) {
      int bits =
          FIRST[text[i] & 0xff]
              | SECOND[text[i + 1] & 0xff]
              | THIRD[text[i + 2] & 0xff]
              | FOURTH[text[i + 3] & 0xff];
      seen |= bits;
      decoded[at] = (byte) (bits >> 16);
      decoded[at + 1] = (byte) (bits >> 8);
      decoded[at + 2] = (byte) bits;
      at += 3;
    }
    if (padding > 0) {
      int bits = FIRST[text[to - 4] & 0xff] | SECOND[text[to - 3] & 0xff];
      if (padding == 1) {
        bits |= THIRD[text[to - 2] & 0xff];
        decoded[at + 1] = (byte) (bits >> 8);
      }
      seen |= bits;
      decoded[at] = (byte) (bits >> 16);
    }
    return seen < 0 ? null : decoded;
  }
}
