package io.verbatim.local.numbers;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Twenty milliseconds of audio that says whose it is, which it is and when it was sent: 320 bytes.
///
/// The first byte runs through every value from 0x00 to 0xff; behind the header come bytes that
/// only this frame has.
final class TalkingFrame {
  /// The length of every frame.
  static final int BYTES = 320;

  private static final int CALL_AT = 1;
  private static final int NUMBER_AT = 5;
  private static final int SENT_AT = 9;
  private static final int NOISE_AT = 17;

  private TalkingFrame() {}

  /// The frame with this number of this call.
  ///
  /// @param number from 0
  static byte[] of(int call, int number, long sentNanos) {
    byte[] frame = new byte[BYTES];
    ByteBuffer.wrap(frame).put((byte) number).putInt(call).putInt(number).putLong(sentNanos);
    byte[] noise = new byte[BYTES - NOISE_AT];
    new SplittableRandom((long) call << 32 | number).nextBytes(noise);
    System.arraycopy(noise, 0, frame, NOISE_AT, noise.length);
    return frame;
  }

  /// Whose it says it is.
  static int call(byte[] frame) {
    return ByteBuffer.wrap(frame).getInt(CALL_AT);
  }

  /// Which it says it is, from 0.
  static int number(byte[] frame) {
    return ByteBuffer.wrap(frame).getInt(NUMBER_AT);
  }

  private static long sentNanos(byte[] frame) {
    return ByteBuffer.wrap(frame).getLong(SENT_AT);
  }

  /// Whether these are exactly the bytes of that frame.
  static boolean is(byte[] frame, int call, int number) {
    return ByteBuffer.wrap(frame).getInt(NUMBER_AT) == number
        && Arrays.equals(frame, of(call, number, sentNanos(frame)));
  }
}
