package io.verbatim.asr.call;

/// Where an owned call is in its life with this worker.
enum CallPhase {
  WORKING,
  /// Its last write is in flight.
  ENDING,
  /// It is about to be handed over: it reads and sends no more, and drops results.
  PAUSED,
  OVER
}
