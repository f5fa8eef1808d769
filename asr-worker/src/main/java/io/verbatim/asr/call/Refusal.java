package io.verbatim.asr.call;

/// Why the log takes no more writes of an owner.
enum Refusal {
  /// Another has the call now.
  FENCED,
  /// The log does not know the call.
  GONE,
  /// The call's transcript has ended.
  ENDED
}
