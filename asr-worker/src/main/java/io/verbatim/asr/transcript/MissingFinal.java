package io.verbatim.asr.transcript;

/// The state of a final that a session has not sent although a later one has arrived.
public sealed interface MissingFinal {

  /// None is missing, or it may still arrive.
  record None() implements MissingFinal {}

  /// The session has lost it: the audio must be sent again from `covered`.
  ///
  /// @param position where it should start
  record Lost(long position) implements MissingFinal {}

  /// Too many sessions in a row have lost it: its audio will not be transcribed.
  ///
  /// @param to where its audio ends
  record Abandoned(long to) implements MissingFinal {}
}
