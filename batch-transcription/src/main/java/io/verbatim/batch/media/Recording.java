package io.verbatim.batch.media;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A recording on disk that was checked.
///
/// @param file under a name of ours
/// @param wav the header of a WAV file; empty for other formats
/// @param length empty if the file does not state it
public record Recording(
    Path file, MediaFormat format, long bytes, Optional<WavAudio> wav, Optional<Duration> length) {}
