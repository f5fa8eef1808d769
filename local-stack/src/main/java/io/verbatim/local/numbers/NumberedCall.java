package io.verbatim.local.numbers;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A call that is going on, whose audio is its frames' numbers.
///
/// @param format of its audio
/// @param number which call of the run it is, as its frames say
/// @param over completes when the caller is done
public record NumberedCall(
    String callId,
    String dialect,
    NumberedFormat format,
    int number,
    CompletableFuture<Spoken> over) {
  /// How long a caller tries to reach a service that is away.
  static final Duration PATIENCE = Duration.ofMinutes(2);

  static final long RETRY_MILLIS = 300;
}
