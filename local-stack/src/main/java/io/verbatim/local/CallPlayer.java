package io.verbatim.local;

import io.verbatim.local.audio.WavFile;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Plays recordings into a stack, at most 20 at a time. Thread-safe.
final class CallPlayer {
  private static final int MAX_CALLS = 20;

  private final Semaphore permits = new Semaphore(MAX_CALLS);

  /// Plays a recording by the Exotel dialect if that supports its form, else by the pcm dialect.
  ///
  /// @return empty when 20 calls are being played
  Optional<OngoingCall> play(Stack stack, WavFile wav) {
    if (!permits.tryAcquire()) {
      return Optional.empty();
    }
    OngoingCall call =
        ExotelCaller.supports(wav) ? stack.exotel().call(wav) : stack.pcm().call(wav);
    call.ended().whenComplete((_, _) -> permits.release());
    return Optional.of(call);
  }
}
