package io.verbatim.gateway.recordings;

import io.verbatim.testkit.providers.NumberedSpeech;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Files in several formats, made with ffmpeg.
final class Media {

  private Media() {}

  /// [NumberedSpeech] in another format.
  ///
  /// @param extension also names the format
  /// @param options of ffmpeg for the output
  static byte[] of(String extension, int seconds, String... options) {
    try {
      Path directory = Files.createTempDirectory("media");
      Path wav = Files.write(directory.resolve("in.wav"), NumberedSpeech.wav(seconds));
      Path out = directory.resolve("out." + extension);
      List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin"));
      command.addAll(List.of("-i", wav.toString()));
      command.addAll(List.of(options));
      command.add(out.toString());
      Process ffmpeg = new ProcessBuilder(command).inheritIO().start();
      if (ffmpeg.waitFor() != 0) {
        throw new AssertionError("ffmpeg failed: " + command);
      }
      byte[] bytes = Files.readAllBytes(out);
      Files.delete(wav);
      Files.delete(out);
      Files.delete(directory);
      return bytes;
    } catch (IOException failure) {
      throw new UncheckedIOException("the tests of recordings need ffmpeg on the PATH", failure);
    } catch (InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
