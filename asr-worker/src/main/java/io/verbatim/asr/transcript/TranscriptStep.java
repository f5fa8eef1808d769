package io.verbatim.asr.transcript;

import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Speech;

/// What is to be done to the transcript, in order.
public sealed interface TranscriptStep {

  /// Show these words until better ones come.
  record Interim(Speech speech) implements TranscriptStep {}

  /// Append words that stand; `coverage` is the audio they stand for.
  record Final(Coverage coverage, Speech speech) implements TranscriptStep {}

  /// Nothing was said in this audio.
  record Silence(Coverage coverage) implements TranscriptStep {}

  /// Something worth counting, and nothing to write.
  record Noticed(Oddity oddity) implements TranscriptStep {}

  /// What a recogniser is not expected to do, and may.
  enum Oddity {
    /// A final of audio that is covered already: dropped.
    REPEATED,
    /// A final that reaches below `covered`: the words there were cut.
    OVERLAPPING,
    /// A final that comes when words behind it are shown already: taken.
    LATE,
    /// A final that starts above `covered`: held for the one before it.
    EARLY_HELD,
    /// The final before an early one did not come in time: the early one was taken.
    EARLY_TAKEN,
    /// No final ever came for words that were guessed: the guess was kept, unconfirmed.
    UNCONFIRMED,
    /// Words about a channel the call does not have: dropped.
    NO_SUCH_CHANNEL
  }
}
