package io.verbatim.bench.calls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.verbatim.testkit.deepgram.NumberedFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/// Builds the WebSocket frames of one generator: Exotel's messages in their wire form, masked.
/// Confined to one thread; reuses its scratch buffers.
final class ExotelText {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final Base64.Encoder BASE64 = Base64.getEncoder();
  private static final int NOISE_BYTES = AudioCheck.FRAME_BYTES - NumberedFrame.HEADER_BYTES;
  private static final byte[][] NOISE_TEXTS = noiseTexts();
  private static final int HEADER_ROOM = 8;
  private static final int MASK = 0x5bd1e995;
  private static final byte[] SEQUENCE = "\",\"sequence_number\":\"".getBytes(US_ASCII);
  private static final byte[] CHUNK = "\",\"media\":{\"chunk\":\"".getBytes(US_ASCII);
  private static final byte[] TIMESTAMP = "\",\"timestamp\":\"".getBytes(US_ASCII);
  private static final byte[] PAYLOAD = "\",\"payload\":\"".getBytes(US_ASCII);
  private static final byte[] MEDIA = "{\"event\":\"media\",\"stream_sid\":\"".getBytes(US_ASCII);
  private static final byte[] END = "\"}}".getBytes(US_ASCII);
  private static final int FRAME_MS = 20;

  private final byte[] audioHeader = new byte[NumberedFrame.HEADER_BYTES];
  private final byte[] headerText = new byte[NumberedFrame.HEADER_BYTES / 3 * 4];
  private byte[] scratch = new byte[2048];
  private int length;

  private static byte[][] noiseTexts() {
    byte[][] texts = new byte[NumberedFrame.BLOCKS][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = BASE64.encode(Arrays.copyOf(NumberedFrame.noiseBlock(i), NOISE_BYTES));
    }
    return texts;
  }

  /// The bytes of the last frame that was built; valid up to [#length].
  byte[] bytes() {
    return scratch;
  }

  int length() {
    return length;
  }

  /// Builds the frame of a media message.
  ///
  /// @param number of the frame, from 0
  void media(byte[] streamSid, int call, int number, long sentNanos) {
    length = HEADER_ROOM;
    put(MEDIA);
    put(streamSid);
    put(SEQUENCE);
    putNumber(number + 2L);
    put(CHUNK);
    putNumber(number + 1L);
    put(TIMESTAMP);
    putNumber((long) number * FRAME_MS);
    put(PAYLOAD);
    NumberedFrame.header(audioHeader, call, number, 0, sentNanos);
    BASE64.encode(audioHeader, headerText);
    put(headerText);
    put(NOISE_TEXTS[NumberedFrame.block(call, number, 0)]);
    put(END);
    seal();
  }

  /// Builds the frame of any other message.
  void message(String json) {
    length = HEADER_ROOM;
    put(json.getBytes(US_ASCII));
    seal();
  }

  private void seal() {
    int payload = length - HEADER_ROOM;
    if (payload < 126 || payload > 65_535) {
      throw new IllegalStateException(
          "A message must have 126 to 65,535 bytes, not " + payload + ".");
    }
    scratch[0] = (byte) 0x81;
    scratch[1] = (byte) (0x80 | 126);
    scratch[2] = (byte) (payload >>> 8);
    scratch[3] = (byte) payload;
    scratch[4] = (byte) (MASK >>> 24);
    scratch[5] = (byte) (MASK >>> 16);
    scratch[6] = (byte) (MASK >>> 8);
    scratch[7] = (byte) MASK;
    long mask = (MASK & 0xffff_ffffL) << 32 | (MASK & 0xffff_ffffL);
    // The bytes after the message are unused, so the last long may extend beyond its end.
    for (int at = HEADER_ROOM; at < length; at += Long.BYTES) {
      LONGS.set(scratch, at, (long) LONGS.get(scratch, at) ^ mask);
    }
  }

  private void put(byte[] bytes) {
    if (length + bytes.length + Long.BYTES > scratch.length) {
      scratch = Arrays.copyOf(scratch, 2 * (scratch.length + bytes.length));
    }
    System.arraycopy(bytes, 0, scratch, length, bytes.length);
    length += bytes.length;
  }

  private void putNumber(long value) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      scratch[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }
}
