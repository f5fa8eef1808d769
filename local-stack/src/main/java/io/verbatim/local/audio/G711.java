package io.verbatim.local.audio;

import java.util.function.IntUnaryOperator;

/// The telephone codecs of ITU-T G.711, decoded to signed 16 bit.
public final class G711 {
  private static final short[] MULAW = table(G711::expandMulaw);
  private static final short[] ALAW = table(G711::expandAlaw);

  private G711() {}

  /// Decodes one mu-law byte.
  public static short mulaw(byte code) {
    return MULAW[code & 0xff];
  }

  /// Decodes one A-law byte.
  public static short alaw(byte code) {
    return ALAW[code & 0xff];
  }

  private static int expandMulaw(int code) {
    int inverted = ~code & 0xff;
    int magnitude = ((((inverted & 0x0f) << 3) + 0x84) << ((inverted & 0x70) >> 4)) - 0x84;
    return (inverted & 0x80) != 0 ? -magnitude : magnitude;
  }

  private static int expandAlaw(int code) {
    int toggled = code ^ 0x55;
    int exponent = (toggled & 0x70) >> 4;
    int mantissa = ((toggled & 0x0f) << 4) + 8;
    int magnitude = exponent == 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
    return (toggled & 0x80) != 0 ? magnitude : -magnitude;
  }

  private static short[] table(IntUnaryOperator expand) {
    short[] samples = new short[256];
    for (int code = 0; code < samples.length; code++) {
      samples[code] = (short) expand.applyAsInt(code);
    }
    return samples;
  }
}
