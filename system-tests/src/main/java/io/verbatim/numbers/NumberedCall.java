package io.verbatim.numbers;

import io.verbatim.testkit.deepgram.FrameFormat;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A live call with numbered frames as its audio.
///
/// @param format of its audio
/// @param number the number of the call in its run, as in its frames
/// @param over completes when the caller has finished
public record NumberedCall(
    String callId,
    String dialect,
    FrameFormat format,
    int number,
    CompletableFuture<SentAudio> over) {
  /// How long a caller retries to reach an ingest.
  static final Duration CONNECT_TIMEOUT = Duration.ofMinutes(2);

  static final long RETRY_MILLIS = 300;
}
