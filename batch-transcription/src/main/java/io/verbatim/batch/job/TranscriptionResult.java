package io.verbatim.batch.job;

import io.verbatim.batch.provider.Provider;
import io.verbatim.batch.provider.TranscriptionOptions;
import io.verbatim.batch.transcript.Transcription;
import java.util.List;

/// The result of a request.
///
/// @param provider the one that transcribed
/// @param failed the ones that were tried before, in order
public record TranscriptionResult(
    Provider provider,
    TranscriptionOptions options,
    Transcription transcription,
    List<Attempt> failed) {

  /// A provider that failed.
  ///
  /// @param reason a sentence
  public record Attempt(Provider provider, String reason) {}

  public TranscriptionResult {
    failed = List.copyOf(failed);
  }
}
