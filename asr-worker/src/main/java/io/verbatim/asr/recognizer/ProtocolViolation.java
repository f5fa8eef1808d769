package io.verbatim.asr.recognizer;

import java.util.Locale;

/// Results that a recogniser is not expected to send, and may.
public enum ProtocolViolation {
  /// A final of audio that is covered already: dropped.
  REPEATED,
  /// A final that reaches below `covered`: its words there were cut.
  OVERLAPPING,
  /// A final that arrives after interims of the words behind it: committed.
  LATE,
  /// A final that starts above `covered`: held for the one before it.
  EARLY_HELD,
  /// The final before a held one did not arrive in time: the session is dropped, or its audio is a
  /// gap.
  MISSING,
  /// No final arrived for an interim: committed as unconfirmed.
  UNCONFIRMED,
  /// A result for a channel the call does not have: dropped.
  NO_SUCH_CHANNEL;

  /// As it is counted: `repeated`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
