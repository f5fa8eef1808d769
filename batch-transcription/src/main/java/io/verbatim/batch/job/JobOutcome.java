package io.verbatim.batch.job;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a job ended: with a result, or with a failure.
///
/// @param failure null if there is a result
/// @param sentence of the failure; empty if there is a result
/// @param retryAfterSeconds of the failure; 0 if unknown
record JobOutcome(
    @Nullable TranscriptionResult result,
    @Nullable FailureKind failure,
    String sentence,
    long retryAfterSeconds) {

  static JobOutcome of(TranscriptionResult result) {
    return new JobOutcome(result, null, "", 0);
  }

  static JobOutcome of(BatchException failure) {
    return new JobOutcome(
        null, failure.kind(), failure.sentence(), failure.retryAfter().toSeconds());
  }

  TranscriptionResult resultOrThrow() {
    if (result != null) {
      return result;
    }
    throw new BatchException(
        failure == null ? FailureKind.INTERNAL : failure,
        sentence,
        Duration.ofSeconds(retryAfterSeconds));
  }
}
