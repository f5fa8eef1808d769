package io.verbatim.local.numbers;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Twenty milliseconds of audio that says whose it is, which it is, of which channel, and when it
/// was sent.
///
/// The first byte runs through every value from 0x00 to 0xff; behind the header come bytes that
/// only this frame has.
final class TalkingFrame {
  private static final int CALL_AT = 1;
  private static final int NUMBER_AT = 5;
  private static final int SENT_AT = 9;
  private static final int CHANNEL_AT = 17;
  private static final int NOISE_AT = 18;

  private TalkingFrame() {}

  /// The frame with this number of this call, 320 bytes of one channel.
  ///
  /// @param number from 0
  static byte[] of(int call, int number, long sentNanos) {
    return of(NumberedFormat.PHONE, call, number, sentNanos);
  }

  /// The frame with this number of this call, its channels interleaved.
  ///
  /// @param number from 0
  static byte[] of(NumberedFormat format, int call, int number, long sentNanos) {
    int channels = format.channels();
    byte[] frame = new byte[format.channelFrameBytes() * channels];
    int width = NumberedFormat.BYTES_PER_SAMPLE;
    for (int channel = 0; channel < channels; channel++) {
      byte[] samples = ofChannel(format, call, number, channel, sentNanos);
      for (int at = 0; at < samples.length; at += width) {
        System.arraycopy(samples, at, frame, at * channels + channel * width, width);
      }
    }
    return frame;
  }

  private static byte[] ofChannel(
      NumberedFormat format, int call, int number, int channel, long sentNanos) {
    byte[] frame = new byte[format.channelFrameBytes()];
    ByteBuffer.wrap(frame)
        .put((byte) number)
        .putInt(call)
        .putInt(number)
        .putLong(sentNanos)
        .put((byte) channel);
    byte[] noise = new byte[frame.length - NOISE_AT];
    new SplittableRandom((long) call << 32 | (long) channel << 31 | number).nextBytes(noise);
    System.arraycopy(noise, 0, frame, NOISE_AT, noise.length);
    return frame;
  }

  /// The call that one channel's frame names.
  static int call(byte[] frame) {
    return ByteBuffer.wrap(frame).getInt(CALL_AT);
  }

  /// The number that one channel's frame names, from 0.
  static int number(byte[] frame) {
    return ByteBuffer.wrap(frame).getInt(NUMBER_AT);
  }

  private static long sentNanos(byte[] frame) {
    return ByteBuffer.wrap(frame).getLong(SENT_AT);
  }

  /// Whether these are exactly the bytes of that frame of one channel.
  static boolean is(byte[] frame, NumberedFormat format, int call, int number, int channel) {
    return frame[CHANNEL_AT] == channel
        && Arrays.equals(frame, ofChannel(format, call, number, channel, sentNanos(frame)));
  }

  /// Whether nothing but zeros.
  static boolean isSilence(byte[] frame) {
    return Arrays.equals(frame, new byte[frame.length]);
  }
}
