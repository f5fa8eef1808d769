package io.verbatim.testkit.providers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Audio whose seconds each contain one word, and the word states its number: 0.2 s of silence, 0.6
/// s of sound, 0.2 s of silence. 16 bit, 16 kHz, mono.
///
/// A word that is cut is recognised as `cut`, so that a test notices a seam inside a word.
public final class NumberedSpeech {

  public static final int RATE_HZ = 16_000;

  private static final int HEADER_BYTES = 44;
  private static final int SILENT_SAMPLES = RATE_HZ / 5;
  private static final int WORD_SAMPLES = RATE_HZ * 3 / 5;
  private static final int WORDS_PER_TURN = 4;
  private static final int BIT_SAMPLES = 8;
  private static final int BITS = 16;
  private static final int MARK = 12_000;
  private static final int ONE = 9_000;
  private static final int FILL = 6_000;
  private static final int LOUD = 3_000;

  /// A word with its times in seconds.
  ///
  /// @param speaker from 0
  public record Word(String text, double start, double end, int speaker) {}

  private NumberedSpeech() {}

  /// A WAV file with the words `w0` to `w<seconds - 1>`.
  public static byte[] wav(int seconds) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(seconds, out);
    return out.toByteArray();
  }

  /// Writes a WAV file of any length.
  public static void write(int seconds, OutputStream out) {
    try {
      out.write(header(seconds * RATE_HZ * 2));
      for (int number = 0; number < seconds; number++) {
        out.write(second(number));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// A WAV file of silence.
  public static byte[] silence(int millis) {
    int bytes = RATE_HZ / 1000 * millis * 2;
    return ByteBuffer.allocate(HEADER_BYTES + bytes).put(header(bytes)).array();
  }

  private static byte[] header(int bytes) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put(ascii("RIFF")).putInt(bytes + HEADER_BYTES - 8).put(ascii("WAVEfmt ")).putInt(16);
    header.putShort((short) 1).putShort((short) 1).putInt(RATE_HZ).putInt(RATE_HZ * 2);
    header.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(bytes);
    return header.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] second(int number) {
    ByteBuffer samples = ByteBuffer.allocate(RATE_HZ * 2).order(ByteOrder.LITTLE_ENDIAN);
    samples.position(SILENT_SAMPLES * 2);
    put(samples, MARK, BIT_SAMPLES);
    for (int bit = 0; bit < BITS; bit++) {
      put(samples, (number >> bit & 1) == 1 ? ONE : -ONE, BIT_SAMPLES);
    }
    int end = (SILENT_SAMPLES + WORD_SAMPLES) * 2;
    for (int sign = 1; samples.position() < end; sign = -sign) {
      samples.putShort((short) (sign * FILL));
    }
    return samples.array();
  }

  private static void put(ByteBuffer samples, int value, int count) {
    for (int i = 0; i < count; i++) {
      samples.putShort((short) value);
    }
  }

  /// The words of a WAV file of this form, by their samples. The speaker changes after four words.
  public static List<Word> recognize(byte[] wav) {
    ByteBuffer samples =
        ByteBuffer.wrap(wav, dataStart(wav), wav.length - dataStart(wav))
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    int count = samples.remaining() / 2;
    List<Word> words = new ArrayList<>();
    int at = 0;
    while (at < count) {
      if (Math.abs(samples.getShort(at * 2)) < LOUD) {
        at++;
        continue;
      }
      int start = at;
      while (at < count && Math.abs(samples.getShort(at * 2)) >= LOUD) {
        at++;
      }
      words.add(
          new Word(
              word(samples, start, at),
              (double) start / RATE_HZ,
              (double) at / RATE_HZ,
              words.size() / WORDS_PER_TURN % 2));
    }
    return words;
  }

  private static String word(ByteBuffer samples, int start, int end) {
    boolean hasMark = samples.getShort(start * 2) > (MARK + ONE) / 2;
    if (!hasMark || end - start != WORD_SAMPLES) {
      return "cut";
    }
    int number = 0;
    for (int bit = 0; bit < BITS; bit++) {
      int middle = start + BIT_SAMPLES + bit * BIT_SAMPLES + BIT_SAMPLES / 2;
      number |= samples.getShort(middle * 2) > 0 ? 1 << bit : 0;
    }
    return "w" + number;
  }

  private static int dataStart(byte[] wav) {
    ByteBuffer file = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    int at = 12;
    while (!new String(wav, at, 4, StandardCharsets.US_ASCII).equals("data")) {
      at += 8 + file.getInt(at + 4);
    }
    return at + 8;
  }

  /// Whether a file is a WAV file with 16 bit, 16 kHz, mono.
  static boolean isReadable(byte[] file) {
    return file.length > HEADER_BYTES
        && new String(file, 0, 4, StandardCharsets.US_ASCII).equals("RIFF")
        && ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(24) == RATE_HZ;
  }
}
