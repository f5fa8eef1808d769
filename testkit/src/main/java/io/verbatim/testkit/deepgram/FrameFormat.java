package io.verbatim.testkit.deepgram;

import java.util.Locale;
import java.util.Map;

/// The format of numbered audio: its encoding, its sample rate and its interleaved channels. A
/// frame is 20 ms.
public record FrameFormat(Encoding encoding, int sampleRateHz, int channels) {
  /// The format of Exotel.
  public static final FrameFormat PHONE = pcm16(8000, 1);

  private static final int FRAMES_PER_SECOND = 50;

  /// The encoding of a sample.
  public enum Encoding {
    /// Signed 16 bit, little-endian.
    PCM16(2, 0),
    MULAW(1, 0xFF),
    ALAW(1, 0xD5);

    private final int bytesPerSample;
    private final byte silence;

    Encoding(int bytesPerSample, int silence) {
      this.bytesPerSample = bytesPerSample;
      this.silence = (byte) silence;
    }
  }

  /// Signed 16 bit with this rate and these channels.
  public static FrameFormat pcm16(int sampleRateHz, int channels) {
    return new FrameFormat(Encoding.PCM16, sampleRateHz, channels);
  }

  /// Parses a text such as `pcm16/8000/1`.
  public static FrameFormat parse(String text) {
    String[] parts = text.split("/", -1);
    return new FrameFormat(
        Encoding.valueOf(parts[0].toUpperCase(Locale.ROOT)),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]));
  }

  /// The format in the query of a handshake.
  static FrameFormat of(Map<String, String> query) {
    String encoding = query.getOrDefault("encoding", "linear16");
    return parse(
        (encoding.equals("linear16") ? "pcm16" : encoding)
            + "/"
            + query.getOrDefault("sample_rate", "8000")
            + "/"
            + query.getOrDefault("channels", "1"));
  }

  /// For reports.
  public String title() {
    return sampleRateHz / 1000 + " kHz, " + (channels == 1 ? "1 channel" : channels + " channels");
  }

  /// Bytes of one sample of one channel.
  int bytesPerSample() {
    return encoding.bytesPerSample;
  }

  /// The byte that silence consists of.
  byte silence() {
    return encoding.silence;
  }

  /// Bytes of 20 ms of one channel.
  public int channelFrameBytes() {
    return sampleRateHz / FRAMES_PER_SECOND * bytesPerSample();
  }

  /// Bytes of 20 ms of all channels.
  public int frameBytes() {
    return channelFrameBytes() * channels;
  }
}
