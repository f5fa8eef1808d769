package io.verbatim.pubsub.message;

/// What the log answered to a write. The caller decides on each.
///
/// A bus that did not answer fails the stage with [BusUnavailableException] instead; the same
/// request may then be made again.
///
/// @param <P> where the log stands, as the kind of write reports it
public sealed interface WriteResult<P> {

  /// Done.
  record Written<P>(P position) implements WriteResult<P> {}

  /// Refused: the log stands at `position`, not where the caller believes. An earlier attempt of
  /// the caller may have written it.
  record Moved<P>(P position) implements WriteResult<P> {}

  /// Refused: the call belongs to another writer or owner, or to none.
  record Fenced<P>() implements WriteResult<P> {}

  /// Refused: the call has ended.
  record Ended<P>() implements WriteResult<P> {}

  /// Refused: the log does not know the call, or no longer. A writer opens it again.
  record Gone<P>() implements WriteResult<P> {}
}
