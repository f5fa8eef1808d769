package io.verbatim.local.audio;

/// The encoding of a recording's samples.
public enum AudioCoding {
  /// Signed 16 bit, little-endian.
  PCM16("pcm16", 2),
  /// G.711 mu-law, one byte per sample.
  MULAW("mulaw", 1),
  /// G.711 A-law, one byte per sample.
  ALAW("alaw", 1);

  private final String wireName;
  private final int bytesPerSample;

  AudioCoding(String wireName, int bytesPerSample) {
    this.wireName = wireName;
    this.bytesPerSample = bytesPerSample;
  }

  /// The name of this coding in the `start` of the pcm dialect.
  public String wireName() {
    return wireName;
  }

  /// Bytes of one sample of one channel.
  public int bytesPerSample() {
    return bytesPerSample;
  }

  /// The sample whose first byte is at `offset`.
  public short sampleAt(byte[] bytes, int offset) {
    return switch (this) {
      case PCM16 -> (short) ((bytes[offset] & 0xff) | (bytes[offset + 1] << 8));
      case MULAW -> G711.mulaw(bytes[offset]);
      case ALAW -> G711.alaw(bytes[offset]);
    };
  }
}
