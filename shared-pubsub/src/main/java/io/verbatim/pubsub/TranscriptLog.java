package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// The transcript log of each call, and its live state.
///
/// Only the owner writes: every write carries the owner's token and is refused without it. Each
/// write is one atomic step, and a retry after an unknown outcome has no effect. Each entry is
/// linked to the previous one, so that a reader detects a replaced history. Every stage may fail
/// with [BusUnavailableException][io.verbatim.pubsub.message.BusUnavailableException].
public interface TranscriptLog extends StoredTranscripts {

  /// The start of a transcript: an id below that of every entry.
  String START = "0-0";

  /// Appends final words: removes the channel's interim, moves the channel's `covered` and trims
  /// the audio below it. Unconfirmed words are counted as such.
  ///
  /// @param coverage a step of at least one byte; an empty step would make a retry look like a new
  ///   write
  CompletionStage<WriteResult<Long>> append(
      CallId call, String owner, Coverage coverage, Speech words);

  /// Moves a channel's `covered` over audio without words.
  CompletionStage<WriteResult<Long>> cover(CallId call, String owner, Coverage coverage);

  /// Records that the audio from the lowest `covered` up to `to` will never be transcribed, and
  /// moves `covered` of every channel to `to`.
  ///
  /// @param from the lowest `covered` that the owner expects
  CompletionStage<WriteResult<Long>> appendGap(
      CallId call, String owner, long from, long to, String reason);

  /// Records how much audio the owner has sent to a recogniser in total, replays included.
  ///
  /// @param bytes total since this owner claimed the call
  CompletionStage<WriteResult<Long>> recordSent(CallId call, String owner, long bytes);

  /// Replaces the interim of the speech's channel.
  CompletionStage<WriteResult<Long>> setInterim(CallId call, String owner, Speech interim);

  CompletionStage<WriteResult<Long>> setRecognizer(
      CallId call, String owner, RecognizerStatus status);

  /// Ends the transcript, once, and deletes the call's audio. Every later write to the call is
  /// refused.
  ///
  /// @param covered the `covered` that the owner expects, per channel; empty to accept any
  /// @param end the position after the call's last audio
  /// @param uncovered what to write for the audio below `end` that is not covered
  CompletionStage<WriteResult<Long>> end(
      CallId call,
      String owner,
      List<Long> covered,
      long end,
      String reason,
      UncoveredTail uncovered);

  /// Follows a transcript, also of a call that has not started. The caller closes the reader.
  TranscriptReader follow(CallId call, String afterId);
}
