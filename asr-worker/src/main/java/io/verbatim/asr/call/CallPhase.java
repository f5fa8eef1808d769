package io.verbatim.asr.call;

/// The phase of an owned call.
enum CallPhase {
  /// Audio is sent and results are written.
  WORKING,
  /// Its last write is in flight.
  ENDING,
  /// The hand-over has begun: the call reads and sends nothing and drops results.
  PAUSED,
  /// The call has ended, or this worker no longer owns it.
  CLOSED
}
