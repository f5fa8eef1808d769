package io.verbatim.pubsub.message;

/// The log's reply to a write. The caller handles each case.
///
/// If the bus does not answer, the stage fails with [BusUnavailableException] instead; the same
/// request may then be retried.
///
/// @param <P> the position of the log that this kind of write reports
public sealed interface WriteResult<P> {

  /// The write succeeded.
  record Written<P>(P position) implements WriteResult<P> {}

  /// Refused: the log is at `position`, not at the position that the caller expects. An earlier
  /// attempt of the caller may have succeeded.
  record Moved<P>(P position) implements WriteResult<P> {}

  /// Refused: the call has another writer or owner, or none.
  record Fenced<P>() implements WriteResult<P> {}

  /// Refused: the call has ended.
  record Ended<P>() implements WriteResult<P> {}

  /// Refused: the log does not know the call (any more). A writer opens it again.
  record Gone<P>() implements WriteResult<P> {}
}
