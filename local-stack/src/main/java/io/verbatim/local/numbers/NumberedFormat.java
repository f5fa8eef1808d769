package io.verbatim.local.numbers;

/// The form of a numbered call's audio: signed 16 bit, channels interleaved.
public record NumberedFormat(int sampleRateHz, int channels) {
  /// As Exotel sends it.
  public static final NumberedFormat PHONE = new NumberedFormat(8000, 1);

  static final int BYTES_PER_SAMPLE = 2;
  private static final int FRAMES_PER_SECOND = 50;

  /// For people.
  public String title() {
    return sampleRateHz / 1000 + " kHz, " + (channels == 1 ? "1 channel" : channels + " channels");
  }

  /// The length of 20 ms of one channel.
  int channelFrameBytes() {
    return sampleRateHz / FRAMES_PER_SECOND * BYTES_PER_SAMPLE;
  }
}
