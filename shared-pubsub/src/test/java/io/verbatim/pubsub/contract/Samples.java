package io.verbatim.pubsub.contract;

import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Speech;
import java.time.Instant;
import java.util.List;

/// Sample calls, audio and words for contract tests.
public final class Samples {
  /// One channel, 16 bytes a millisecond.
  public static final AudioFormat MONO = new AudioFormat(Encoding.PCM16, 8000, 1);

  /// Two channels, 32 bytes a millisecond.
  public static final AudioFormat STEREO = new AudioFormat(Encoding.PCM16, 8000, 2);

  /// Twenty milliseconds of [#MONO].
  public static final int FRAME = 320;

  private Samples() {}

  public static CallStart mono(String id) {
    return start(id, "acme", MONO);
  }

  public static CallStart stereo(String id) {
    return start(id, "acme", STEREO);
  }

  public static CallStart start(String id, String tenant, AudioFormat format) {
    return new CallStart(
        new CallId(id),
        tenant,
        Source.EXOTEL,
        format,
        "+911234567890",
        "+918001234567",
        "hi",
        Instant.ofEpochMilli(1_700_000_000_123L));
  }

  /// Audio whose bytes depend on their position, so that neighbouring parts differ.
  public static byte[] pcm(long position, int length) {
    byte[] pcm = new byte[length];
    for (int i = 0; i < length; i++) {
      long at = position + i;
      pcm[i] = (byte) (at ^ (at >> 8) * 31);
    }
    return pcm;
  }

  public static Speech speech(String segment, int channel, String text) {
    return new Speech(
        segment,
        20,
        40,
        text,
        0.875,
        1,
        channel,
        "hi",
        List.of(new Speech.Word(text, 20, 40, 0.75)),
        "scripted",
        310,
        120,
        false);
  }
}
