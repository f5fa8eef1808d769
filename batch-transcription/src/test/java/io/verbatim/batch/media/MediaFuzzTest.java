package io.verbatim.batch.media;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.media.SilenceCutter.Part;
import io.verbatim.testkit.fuzz.Assertion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The files of uploads.
public class MediaFuzzTest {

  /// Reads a WAV file and cuts it: the samples are inside the file, and each is in one part.
  @FuzzTest
  public void wav(byte[] input) {
    try {
      Path file = Files.write(Scratch.FILE, input);
      WavAudio wav = WavAudio.read(file);
      Assertion.check(wav.dataBytes() >= 0, "a negative number of samples");
      Assertion.check(
          wav.dataStart() + wav.dataBytes() <= input.length, "more samples than the file has");
      Assertion.check(wav.dataBytes() % wav.bytesPerFrame() == 0, "half a sample");
      Assertion.check(!wav.length().isNegative(), "a negative length");
      if (wav.isPcm16()) {
        checkParts(file, wav);
      }
    } catch (BatchException refused) {
      Assertion.check(refused.kind() == FailureKind.UNREADABLE, "refused for another reason");
      Assertion.check(refused.sentence().length() < 200, "a sentence without a bound");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void checkParts(Path file, WavAudio wav) throws IOException {
    long max = wav.bytesPerSecond();
    long end = 0;
    for (Part part : SilenceCutter.cut(file, wav, max)) {
      Assertion.check(part.start() == end, "a gap or an overlap between parts");
      Assertion.check(part.bytes() <= max, "a part over the limit");
      Assertion.check(part.bytes() > 0 || wav.dataBytes() == 0, "a part without samples");
      Assertion.check(part.bytes() % wav.bytesPerFrame() == 0, "a cut inside a sample");
      end = part.end();
    }
    Assertion.check(end == wav.dataBytes(), "samples in no part");
  }

  /// Recognises the format of a file by its first bytes.
  @FuzzTest
  public void formats(byte[] input) {
    MediaFormat.of(input)
        .ifPresent(format ->
            Assertion.check(input.length >= 3, "a format without its first bytes: " + format));
  }

  /// The file that is written for each input.
  private static final class Scratch {
    static final Path FILE = create();

    private static Path create() {
      try {
        Path file = Files.createTempFile("fuzz", ".wav");
        file.toFile().deleteOnExit();
        return file;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
