package io.verbatim.pubsub.message;

import java.time.Duration;
import java.util.Locale;

/// How a call's bytes are to be heard: encoding, rate and interleaved channels.
///
/// A sample frame is one sample of every channel. Written as `pcm16/8000/1`.
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

    /// `pcm16`, `mulaw` or `alaw`, as the wire and the log spell it.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public AudioFormat {
    if (sampleRateHz < 1) {
      throw new IllegalArgumentException("a sample rate is positive, not " + sampleRateHz);
    }
    if (channels < 1 || channels > 2) {
      throw new IllegalArgumentException("a call has 1 or 2 channels, not " + channels);
    }
  }

  /// Reads what [#toString] wrote.
  public static AudioFormat parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not an audio format: encoding/rate/channels");
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

  /// The whole milliseconds that lie before this position.
  public long toMillis(long position) {
    return Math.floorDiv(position * 1000, bytesPerSecond());
  }

  /// The bytes of this much audio, down to a whole sample frame.
  public long toBytes(Duration length) {
    return toPosition(length.toNanos() / 1e9);
  }

  /// The position this many seconds into the audio, rounded to the nearest sample frame.
  public long toPosition(double seconds) {
    return Math.round(seconds * sampleRateHz) * bytesPerFrame();
  }

  @Override
  public String toString() {
    return encoding.wireName() + "/" + sampleRateHz + "/" + channels;
  }
}
