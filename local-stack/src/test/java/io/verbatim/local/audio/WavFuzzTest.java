package io.verbatim.local.audio;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.testkit.fuzz.Assertion;
import java.time.Duration;

/// Recordings that are played into the local stack.
public class WavFuzzTest {
  /// Reads a recording; the audio is never larger than the file.
  @FuzzTest
  public void file(byte[] input) {
    try {
      WavFile wav = WavFile.parse(input, "fuzz.wav");
      Assertion.check(wav.data().length <= input.length, "more audio than the file has");
      Assertion.check(!wav.duration().isNegative(), "a negative duration");
      wav.first(Duration.ofSeconds(5));
    } catch (UnsupportedWavException refused) {
      Assertion.check(refused.getMessage() != null, "a refusal without a message");
    }
  }
}
