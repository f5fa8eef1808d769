package io.verbatim.pubsub.message;

/// What the log answered to the writer's sign of life.
public sealed interface AliveOutcome {

  /// The call goes on.
  ///
  /// @param owned whether a worker has it
  record Alive(boolean owned, long covered) implements AliveOutcome {}

  record Fenced() implements AliveOutcome {}

  record Ended() implements AliveOutcome {}

  record Gone() implements AliveOutcome {}
}
