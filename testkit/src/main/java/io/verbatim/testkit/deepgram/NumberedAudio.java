package io.verbatim.testkit.deepgram;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The audio of one call: each channel consists of [numbered frames][NumberedFrame]. A receiver can
/// verify that no byte is missing, changed, repeated or reordered.
public final class NumberedAudio {
  private final FrameFormat format;
  private final int call;

  /// @param call the number of the call, which its frames carry
  public NumberedAudio(FrameFormat format, int call) {
    this.format = format;
    this.call = call;
  }

  /// The audio of call 0.
  ///
  /// @param format such as `pcm16/8000/1`
  public static NumberedAudio of(String format) {
    return new NumberedAudio(FrameFormat.parse(format), 0);
  }

  /// Bytes of 20 ms of all channels.
  public int bytesPerFrame() {
    return format.frameBytes();
  }

  /// One frame, all channels interleaved.
  ///
  /// @param number from 0
  /// @param sentNanos the time it is sent, by [System#nanoTime]
  public byte[] frame(int number, long sentNanos) {
    byte[] audio = new byte[bytesPerFrame()];
    for (int channel = 0; channel < format.channels(); channel++) {
      write(audio, 0, number, channel, sentNanos);
    }
    return audio;
  }

  /// These frames, all channels interleaved.
  public byte[] frames(int first, int count) {
    return frames(first, count, IntStream.range(0, format.channels()));
  }

  /// The same, but the other channels are silent.
  public byte[] framesOf(int channel, int first, int count) {
    return frames(first, count, IntStream.of(channel));
  }

  private byte[] frames(int first, int count, IntStream channels) {
    byte[] audio = new byte[count * bytesPerFrame()];
    Arrays.fill(audio, format.silence());
    channels.forEach(channel -> {
      for (int frame = 0; frame < count; frame++) {
        write(audio, frame * bytesPerFrame(), first + frame, channel, 0);
      }
    });
    return audio;
  }

  private void write(byte[] audio, int at, int number, int channel, long sentNanos) {
    byte[] samples = new byte[format.channelFrameBytes()];
    NumberedFrame.write(samples, call, number, channel, sentNanos);
    int width = format.bytesPerSample();
    for (int sample = 0; sample < samples.length; sample += width) {
      System.arraycopy(
          samples, sample, audio, at + sample * format.channels() + channel * width, width);
    }
  }
}
