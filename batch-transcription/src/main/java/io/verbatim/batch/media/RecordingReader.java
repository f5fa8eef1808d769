package io.verbatim.batch.media;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Checks uploaded files, and converts them if a recogniser needs that. Blocks.
public final class RecordingReader {

  private static final Duration MIN_LENGTH = Duration.ofMillis(500);

  private final Ffmpeg ffmpeg;

  public RecordingReader(Ffmpeg ffmpeg) {
    this.ffmpeg = ffmpeg;
  }

  /// Checks a file: its format by its bytes, that it is readable, and its length.
  ///
  /// @param video whether formats that usually hold videos are accepted
  /// @throws BatchException if it is not acceptable
  public Recording read(Path file, boolean video) throws IOException, InterruptedException {
    MediaFormat format = format(file, video);
    if (format == MediaFormat.WAV) {
      WavAudio wav = WavAudio.read(file);
      return checked(file, format, Optional.of(wav), Optional.of(wav.length()));
    }
    if (!ffmpeg.isInstalled()) {
      throw Ffmpeg.missing();
    }
    return checked(file, format, Optional.empty(), ffmpeg.length(file));
  }

  private static MediaFormat format(Path file, boolean video) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(MediaFormat.HEAD_BYTES);
    }
    if (head.length == 0) {
      throw new BatchException(FailureKind.TOO_SHORT, "The file is empty.");
    }
    return MediaFormat.of(head)
        .filter(format -> video || !format.isVideoOnly())
        .orElseThrow(() ->
            new BatchException(
                FailureKind.UNSUPPORTED_FORMAT,
                "The file's format is not supported. Use %s.".formatted(MediaFormat.names(video))));
  }

  private static Recording checked(
      Path file, MediaFormat format, Optional<WavAudio> wav, Optional<Duration> length)
      throws IOException {
    if (length.isPresent() && length.get().compareTo(MIN_LENGTH) < 0) {
      throw new BatchException(
          FailureKind.TOO_SHORT,
          "The recording is %d ms long. Use at least %d ms."
              .formatted(length.get().toMillis(), MIN_LENGTH.toMillis()));
    }
    if (length.isPresent() && length.get().compareTo(Ffmpeg.MAX_LENGTH) > 0) {
      throw new BatchException(
          FailureKind.TOO_LARGE,
          "The recording is longer than %d hours.".formatted(Ffmpeg.MAX_LENGTH.toHours()));
    }
    return new Recording(file, format, Files.size(file), wav, length);
  }

  /// The recording as 16 bit PCM, in a new file beside it if it is another format.
  public Recording asPcm(Recording recording) throws IOException, InterruptedException {
    if (recording.wav().filter(WavAudio::isPcm16).isPresent()) {
      return recording;
    }
    return converted(recording);
  }

  /// The first audio track of a recording as 16 kHz mono, in a new file beside it.
  public Recording converted(Recording recording) throws IOException, InterruptedException {
    Path pcm = recording.file().resolveSibling("converted.wav");
    ffmpeg.convert(recording.file(), pcm);
    return read(pcm, /* video= */ false);
  }
}
