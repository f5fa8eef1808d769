package io.verbatim.pubsub.message;

/// What the log answered to the writer of a call's audio.
///
/// Each is an answer to decide on; a bus that could not be asked fails the stage with
/// [BusUnavailableException] instead, and the same request may then be made again.
public sealed interface WriterOutcome {

  /// Done. `covered` is the position below which every word has been written.
  record Stored(long tail, long covered, long seq) implements WriterOutcome {}

  /// Refused: the log ends at `tail`, not where the writer believes. Its own earlier attempt may
  /// have done it.
  record Moved(long tail, long covered, long seq) implements WriterOutcome {}

  /// Refused: another writer has the call now.
  record Fenced() implements WriterOutcome {}

  /// Refused: the call has ended.
  record Ended() implements WriterOutcome {}

  /// Refused: the log does not know the call (any more): open it again.
  record Gone() implements WriterOutcome {}
}
