package io.verbatim.asr.recognizer;

import java.util.Locale;

/// Unexpected results of a recogniser, and how each is handled.
public enum ProtocolViolation {
  /// A final of audio that is covered already: dropped.
  REPEATED,
  /// A final that starts below `covered`: its words there are cut.
  OVERLAPPING,
  /// A final that arrives after interims of later words: committed.
  LATE,
  /// A final that starts above `covered`: held until the one before it arrives.
  EARLY_HELD,
  /// The final before a held one did not arrive in time: the session is dropped, or its audio is a
  /// gap.
  MISSING,
  /// No final arrived for an interim: committed as unconfirmed.
  UNCONFIRMED,
  /// A result for a channel the call does not have: dropped.
  NO_SUCH_CHANNEL;

  /// The metric label, such as `repeated`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
