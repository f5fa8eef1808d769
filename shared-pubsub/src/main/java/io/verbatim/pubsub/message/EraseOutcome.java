package io.verbatim.pubsub.message;

/// What an attempt to erase a call found.
public enum EraseOutcome {
  /// The call had ended; nothing of it remains.
  ERASED,
  /// The call is live and was not changed.
  LIVE,
  /// The log does not have the call.
  UNKNOWN
}
