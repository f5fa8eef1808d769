package io.verbatim.batch.provider;

import io.verbatim.batch.media.Recording;
import io.verbatim.batch.transcript.Transcription;
import java.io.IOException;

/// A batch recogniser. Thread-safe; blocks.
public interface Transcriber {

  /// Transcribes a recording. An interrupt ends the requests in flight.
  ///
  /// @throws io.verbatim.batch.failure.BatchException if the provider refuses or fails, after the
  ///   retries that make sense
  Transcription transcribe(Recording recording, TranscriptionOptions options, Progress progress)
      throws IOException, InterruptedException;

  /// Notified when a part of the recording is transcribed.
  @FunctionalInterface
  interface Progress {
    void report(int done, int total);
  }
}
