package io.verbatim.pubsub.message;

import java.time.Duration;
import java.util.Locale;

/// The audio format of a call: encoding, sample rate and interleaved channels.
///
/// A sample frame is one sample of every channel. The text form is `pcm16/8000/1`.
public record AudioFormat(Encoding encoding, int sampleRateHz, int channels) {

  /// The sample encodings a call may have.
  public enum Encoding {
    /// Signed 16 bit, little-endian.
    PCM16(2),
    /// G.711 mu-law, 8 bit.
    MULAW(1),
    /// G.711 A-law, 8 bit.
    ALAW(1);

    private final int bytesPerSample;

    Encoding(int bytesPerSample) {
      this.bytesPerSample = bytesPerSample;
    }

    /// The width of one sample of one channel.
    public int bytesPerSample() {
      return bytesPerSample;
    }

    /// The name on the wire and in the log: `pcm16`, `mulaw` or `alaw`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public AudioFormat {
    if (sampleRateHz < 1) {
      throw new IllegalArgumentException(
          "sampleRateHz is " + sampleRateHz + "; it must be positive");
    }
    if (channels < 1 || channels > 2) {
      throw new IllegalArgumentException("channels is " + channels + "; allowed are 1 and 2");
    }
  }

  /// Parses the text form of [#toString].
  public static AudioFormat parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("the audio format must be encoding/rate/channels");
    }
    return new AudioFormat(
        Encoding.valueOf(parts[0].toUpperCase(Locale.ROOT)),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]));
  }

  /// Bytes of one sample of every channel.
  public int bytesPerFrame() {
    return encoding.bytesPerSample() * channels;
  }

  public long bytesPerSecond() {
    return (long) sampleRateHz * bytesPerFrame();
  }

  /// The whole milliseconds before this position.
  public long toMillis(long position) {
    return Math.floorDiv(position * 1000, bytesPerSecond());
  }

  /// The bytes of this much audio, a whole number of sample frames.
  public long toBytes(Duration length) {
    return toPosition(length.toNanos() / 1e9);
  }

  /// The position after this many seconds, rounded to the nearest sample frame.
  public long toPosition(double seconds) {
    return Math.round(seconds * sampleRateHz) * bytesPerFrame();
  }

  @Override
  public String toString() {
    return encoding.wireName() + "/" + sampleRateHz + "/" + channels;
  }
}
