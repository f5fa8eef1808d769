package io.verbatim.pubsub.message;

/// What the log answered to the owner of a call.
///
/// A bus that could not be asked fails the stage with [BusUnavailableException] instead; the same
/// request may then be made again.
public sealed interface OwnerOutcome {

  /// Done; `covered` is the written channel's new position.
  record Written(long covered) implements OwnerOutcome {}

  /// Refused: the channel is covered up to `covered`, not where the owner believes. Its own earlier
  /// attempt may have done it.
  record Moved(long covered) implements OwnerOutcome {}

  /// Refused: the call is another worker's, or nobody's.
  record Fenced() implements OwnerOutcome {}

  /// Refused: the call has ended.
  record Ended() implements OwnerOutcome {}

  /// Refused: the log does not know the call (any more).
  record Gone() implements OwnerOutcome {}
}
