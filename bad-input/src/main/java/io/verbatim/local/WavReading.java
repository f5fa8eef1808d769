package io.verbatim.local;

import io.verbatim.fuzz.Claim;
import io.verbatim.local.audio.UnsupportedWavException;
import io.verbatim.local.audio.WavFile;
import java.time.Duration;

/// What people play into the local stack.
public final class WavReading {
  private WavReading() {}

  /// Reads a recording, of which no more comes out than went in.
  public static void file(byte[] input) {
    try {
      WavFile wav = WavFile.parse(input, "fuzz.wav");
      Claim.that(wav.data().length <= input.length, "more audio than the file has");
      Claim.that(!wav.duration().isNegative(), "a recording that lasts less than nothing");
      wav.first(Duration.ofSeconds(5));
    } catch (UnsupportedWavException refused) {
      Claim.that(refused.getMessage() != null, "a refusal without a word");
    }
  }
}
