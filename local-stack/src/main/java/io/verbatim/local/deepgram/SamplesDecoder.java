package io.verbatim.local.deepgram;

import java.util.Arrays;

/// Splits a session's bytes into samples per channel. Frames may end within a sample. Not
/// thread-safe.
final class SamplesDecoder {
  private final LiveOptions options;
  private byte[] rest = new byte[0];

  SamplesDecoder(LiveOptions options) {
    this.options = options;
  }

  /// Returns the complete samples: one array per separately recognised channel. Without
  /// `multichannel` all channels are mixed into one.
  short[][] decode(byte[] frame) {
    byte[] bytes = Arrays.copyOf(rest, rest.length + frame.length);
    System.arraycopy(frame, 0, bytes, rest.length, frame.length);
    int width = options.coding().bytesPerSample();
    int samples = bytes.length / (width * options.channels());
    rest = Arrays.copyOfRange(bytes, samples * width * options.channels(), bytes.length);

    short[][] decoded = new short[options.separateChannels()][samples];
    for (int sample = 0; sample < samples; sample++) {
      int sum = 0;
      for (int channel = 0; channel < options.channels(); channel++) {
        short value =
            options.coding().sampleAt(bytes, (sample * options.channels() + channel) * width);
        sum += value;
        if (options.multichannel()) {
          decoded[channel][sample] = value;
        }
      }
      if (!options.multichannel()) {
        decoded[0][sample] = (short) (sum / options.channels());
      }
    }
    return decoded;
  }
}
