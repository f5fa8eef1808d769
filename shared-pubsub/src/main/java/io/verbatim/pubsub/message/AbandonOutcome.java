package io.verbatim.pubsub.message;

/// What became of an owner's look after a silent writer.
public sealed interface AbandonOutcome {

  /// The call's audio has an end, by this look or before it.
  record Abandoned() implements AbandonOutcome {}

  /// The writer lives, or has not been watched long enough.
  ///
  /// @param watch for the next look
  record Waiting(WriterLiveness watch) implements AbandonOutcome {}

  /// The call is not the asker's, has ended, or is not known.
  record NotYours() implements AbandonOutcome {}
}
