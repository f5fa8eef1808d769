package io.verbatim.bench.calls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;

/// Frames of twenty milliseconds of 8 kHz PCM (320 bytes) that can be checked byte by byte where
/// they arrive, at the cost of a comparison.
///
/// A frame starts with its number (low byte), its call, its number and the time it was sent; behind
/// this header it has one of 64 blocks of noise, which one depends on call and number.
public final class MarkedAudio {
  /// The length of every frame.
  public static final int FRAME_BYTES = 320;

  /// The bytes before the noise, a multiple of three, so that the noise's base64 is a constant.
  static final int HEADER_BYTES = 18;

  private static final int CALL_AT = 1;
  private static final int NUMBER_AT = 5;
  private static final int SENT_AT = 9;
  private static final int BLOCKS = 64;

  private static final byte[][] NOISE = noise();
  private static final ByteBuf[] NOISE_BUFFERS = buffers();

  private MarkedAudio() {}

  private static byte[][] noise() {
    SplittableRandom random = new SplittableRandom(42);
    byte[][] noise = new byte[BLOCKS][FRAME_BYTES - HEADER_BYTES];
    for (byte[] block : noise) {
      random.nextBytes(block);
    }
    return noise;
  }

  private static ByteBuf[] buffers() {
    ByteBuf[] buffers = new ByteBuf[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      buffers[i] = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(NOISE[i]));
    }
    return buffers;
  }

  static byte[] noiseBlock(int block) {
    return NOISE[block];
  }

  static int blocks() {
    return BLOCKS;
  }

  static int block(int call, int number) {
    return (call * 31 + number) & (BLOCKS - 1);
  }

  /// A whole frame.
  ///
  /// @param number from 0
  public static byte[] frame(int call, int number, long sentNanos) {
    byte[] frame = new byte[FRAME_BYTES];
    header(frame, call, number, sentNanos);
    byte[] noise = NOISE[block(call, number)];
    System.arraycopy(noise, 0, frame, HEADER_BYTES, noise.length);
    return frame;
  }

  /// Writes the header of a frame into the first bytes of `header`.
  static void header(byte[] header, int call, int number, long sentNanos) {
    header[0] = (byte) number;
    putInt(header, CALL_AT, call);
    putInt(header, NUMBER_AT, number);
    putInt(header, SENT_AT, (int) (sentNanos >>> 32));
    putInt(header, SENT_AT + 4, (int) sentNanos);
    header[HEADER_BYTES - 1] = 0;
  }

  private static void putInt(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  /// The call a frame belongs to.
  public static int call(ByteBuf audio, int at) {
    return audio.getInt(at + CALL_AT);
  }

  /// When a frame was sent, by [System#nanoTime].
  public static long sentNanos(ByteBuf audio, int at) {
    return audio.getLong(at + SENT_AT);
  }

  /// Whether the 320 bytes at `at` are exactly this frame, apart from the time it was sent.
  public static boolean matches(ByteBuf audio, int at, int call, int number) {
    return audio.getByte(at) == (byte) number
        && audio.getInt(at + CALL_AT) == call
        && audio.getInt(at + NUMBER_AT) == number
        && audio.getByte(at + HEADER_BYTES - 1) == 0
        && ByteBufUtil.equals(
            audio,
            at + HEADER_BYTES,
            NOISE_BUFFERS[block(call, number)],
            0,
            FRAME_BYTES - HEADER_BYTES);
  }
}
