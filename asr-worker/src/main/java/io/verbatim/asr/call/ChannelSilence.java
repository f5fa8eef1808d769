package io.verbatim.asr.call;

import io.verbatim.pubsub.message.AudioFormat;
import java.util.function.IntToLongFunction;

/// Makes silence of what a channel has said already.
///
/// Two channels share one audio but not one `covered`. When audio is sent again, the channel whose
/// words stand further must not say them twice.
final class ChannelSilence {
  private final AudioFormat format;
  private final byte silence;

  ChannelSilence(AudioFormat format) {
    this.format = format;
    this.silence =
        switch (format.encoding()) {
          case PCM16 -> 0;
          case MULAW -> (byte) 0xFF;
          case ALAW -> (byte) 0xD5;
        };
  }

  /// Silences, in place, each channel's samples below its own `covered`.
  ///
  /// @param start the position of the first byte, on a whole sample frame
  void apply(byte[] audio, long start, IntToLongFunction covered) {
    int width = format.encoding().bytesPerSample();
    int frame = format.bytesPerFrame();
    for (int channel = 0; channel < format.channels(); channel++) {
      long end = Math.min(covered.applyAsLong(channel) - start, audio.length);
      for (int at = channel * width; at + frame - channel * width <= end; at += frame) {
        for (int b = 0; b < width; b++) {
          audio[at + b] = silence;
        }
      }
    }
  }
}
