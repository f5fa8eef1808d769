package io.verbatim.testkit.deepgram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;

/// Twenty milliseconds of one channel that describe themselves, so that a receiver can check every
/// byte at the cost of a comparison.
///
/// The header is the low byte of the frame's number, the call, the number, the time it was sent and
/// the channel. One of 64 blocks of noise follows, selected by call, number and channel. The first
/// byte takes every value from 0x00 to 0xff in turn.
public final class NumberedFrame {
  /// The length of the header: a multiple of three, so that the base64 of the noise is constant.
  public static final int HEADER_BYTES = 18;

  /// The number of blocks of noise.
  public static final int BLOCKS = 64;

  /// The result of [#read] for silence.
  public static final int SILENCE = -1;

  /// The result of [#read] for bytes that are neither a frame of this channel nor silence.
  public static final int DAMAGED = -2;

  private static final int CALL_AT = 1;
  private static final int NUMBER_AT = 5;
  private static final int SENT_AT = 9;
  private static final int CHANNEL_AT = 17;

  /// Twenty milliseconds of 16 bit at 48 kHz.
  private static final int MAX_FRAME_BYTES = 1920;

  private static final byte[][] NOISE = noise();
  private static final ByteBuf[] NOISE_BUFFERS = buffers();

  private NumberedFrame() {}

  private static byte[][] noise() {
    SplittableRandom random = new SplittableRandom(42);
    byte[][] noise = new byte[BLOCKS][MAX_FRAME_BYTES - HEADER_BYTES];
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

  /// A block of noise; its beginning follows the header of a frame. Callers do not change it.
  public static byte[] noiseBlock(int block) {
    return NOISE[block];
  }

  /// The block of a frame.
  public static int block(int call, int number, int channel) {
    return (call * 31 + number + channel * 17) & (BLOCKS - 1);
  }

  /// Writes a frame over all bytes of `frame`.
  ///
  /// @param number from 0
  /// @param sentNanos the time it is sent, by [System#nanoTime]
  static void write(byte[] frame, int call, int number, int channel, long sentNanos) {
    header(frame, call, number, channel, sentNanos);
    System.arraycopy(
        NOISE[block(call, number, channel)], 0, frame, HEADER_BYTES, frame.length - HEADER_BYTES);
  }

  /// Writes the header of a frame into the first bytes of `header`.
  public static void header(byte[] header, int call, int number, int channel, long sentNanos) {
    header[0] = (byte) number;
    putInt(header, CALL_AT, call);
    putInt(header, NUMBER_AT, number);
    putInt(header, SENT_AT, (int) (sentNanos >>> 32));
    putInt(header, SENT_AT + 4, (int) sentNanos);
    header[CHANNEL_AT] = (byte) channel;
  }

  private static void putInt(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  /// The call in a frame's header.
  public static int call(ByteBuf audio, int at) {
    return audio.getInt(at + CALL_AT);
  }

  /// The time in a frame's header.
  public static long sentNanos(ByteBuf audio, int at) {
    return audio.getLong(at + SENT_AT);
  }

  /// Whether the `length` bytes at `at` are exactly this frame, apart from the time it was sent.
  public static boolean matches(
      ByteBuf audio, int at, int length, int call, int number, int channel) {
    return audio.getByte(at) == (byte) number
        && audio.getInt(at + CALL_AT) == call
        && audio.getInt(at + NUMBER_AT) == number
        && audio.getByte(at + CHANNEL_AT) == (byte) channel
        && ByteBufUtil.equals(
            audio,
            at + HEADER_BYTES,
            NOISE_BUFFERS[block(call, number, channel)],
            0,
            length - HEADER_BYTES);
  }

  /// The number of the frame at `at`, or [#SILENCE] or [#DAMAGED].
  ///
  /// @param audio samples of one channel
  static int read(ByteBuf audio, int at, FrameFormat format, int channel) {
    int length = format.channelFrameBytes();
    if (isSilence(audio, at, length, format.silence())) {
      return SILENCE;
    }
    int number = audio.getInt(at + NUMBER_AT);
    return number >= 0 && matches(audio, at, length, call(audio, at), number, channel)
        ? number
        : DAMAGED;
  }

  private static boolean isSilence(ByteBuf audio, int at, int length, byte silence) {
    for (int i = 0; i < length; i++) {
      if (audio.getByte(at + i) != silence) {
        return false;
      }
    }
    return true;
  }
}
