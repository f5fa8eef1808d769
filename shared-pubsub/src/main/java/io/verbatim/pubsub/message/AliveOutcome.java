package io.verbatim.pubsub.message;

/// What the log answered to the writer's sign of life.
public sealed interface AliveOutcome {

  /// The call goes on.
  ///
  /// @param owned whether a worker has it
  /// @param tail where the log ends
  /// @param atEnd whether the end of its audio stands there
  record Alive(boolean owned, long covered, long tail, boolean atEnd) implements AliveOutcome {}

  record Fenced() implements AliveOutcome {}

  record Ended() implements AliveOutcome {}

  record Gone() implements AliveOutcome {}
}
