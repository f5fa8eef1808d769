package io.verbatim.local.deepgram;

import java.util.Arrays;

/// Cuts a session's bytes into samples per channel, wherever its frames were cut. Not thread-safe.
final class SamplesDecoder {
  private final LiveOptions options;
  private byte[] rest = new byte[0];

  SamplesDecoder(LiveOptions options) {
    this.options = options;
  }

  /// The samples that are complete now: one array for each channel that is listened to. Channels
  /// that are not told apart are mixed.
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
