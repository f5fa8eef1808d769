package io.verbatim.asr.recognizer;

/// Why a session is over, by what the caller should do about it.
public sealed interface CloseCause {

  /// Asked to finish, it did: everything sent has been heard and said.
  record Finished() implements CloseCause {}

  /// The recogniser refuses this process: key, payment or permission. No call can be heard until a
  /// person has acted.
  record Denied(int status, String detail) implements CloseCause {}

  /// The recogniser cannot hear this call as it is: the same request will fail again.
  record Unsuitable(String detail) implements CloseCause {}

  /// No room for another session just now.
  record Busy(String detail) implements CloseCause {}

  /// Anything else: another session may well succeed.
  ///
  /// @param code a WebSocket close code, or the HTTP status of a refusal; 1006 where the line just
  ///   broke
  record Lost(int code, String detail) implements CloseCause {}
}
