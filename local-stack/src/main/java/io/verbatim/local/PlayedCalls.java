package io.verbatim.local;

import io.verbatim.local.audio.WavFile;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Plays recordings into a stack, a bounded number at a time. Thread-safe.
final class PlayedCalls {
  private static final int MOST_AT_A_TIME = 20;

  private final Semaphore lines = new Semaphore(MOST_AT_A_TIME);

  /// Plays it by the dialect that can carry it; empty when all lines are busy.
  Optional<OngoingCall> play(Stack stack, WavFile wav) {
    if (!lines.tryAcquire()) {
      return Optional.empty();
    }
    OngoingCall call = ExotelCaller.takes(wav) ? stack.exotel().call(wav) : stack.pcm().call(wav);
    call.ended().whenComplete((_, _) -> lines.release());
    return Optional.of(call);
  }
}
