package io.verbatim.pubsub.message;

/// The result of an owner's check for a silent writer.
public sealed interface AbandonOutcome {

  /// The call's audio has an end, written by this check or earlier.
  record Abandoned() implements AbandonOutcome {}

  /// The writer is alive, or has not been silent for long enough.
  ///
  /// @param liveness the argument of the next check
  record Waiting(WriterLiveness liveness) implements AbandonOutcome {}

  /// The call has another owner, has ended, or is unknown.
  record NotOwner() implements AbandonOutcome {}
}
