package io.verbatim.pubsub;

import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// The log that carries each call's audio from ingest to the worker that owns the call.
///
/// Audio is kept until it is covered. Each write states the expected tail of the log, so a retry
/// after an unknown outcome has no effect. Every stage may fail with
/// [BusUnavailableException][io.verbatim.pubsub.message.BusUnavailableException].
public interface AudioLog {

  /// The newest audio of a call, which [#trimOldest] always keeps.
  Duration MIN_RETAINED = Duration.ofSeconds(2);

  /// Opens a call and announces it to workers.
  ///
  /// With `resume`, the new writer takes over a live call of the same tenant and format, and the
  /// previous writer is fenced. A retry with the same `writer` returns the same result.
  ///
  /// @param writer a fresh random token that every later write of this writer carries
  CompletionStage<Opening> open(CallStart start, String writer, boolean resume);

  /// Announces an open call again, so that a worker claims it. Use it if the call has had no owner
  /// for a while.
  CompletionStage<Void> announce(CallId call);

  /// Appends audio.
  ///
  /// Fails with [BusFullException][io.verbatim.pubsub.message.BusFullException] if the log is out
  /// of memory.
  CompletionStage<WriteResult<AudioTail>> append(AudioAppend audio);

  /// Removes the older half of the call's unread audio if the log is out of memory; keeps the
  /// newest [#MIN_RETAINED]. Returns the number of bytes removed: 0 if the call belongs to another
  /// writer.
  CompletionStage<Long> trimOldest(CallId call, String writer);

  /// Writes the end entry after the call's last audio, once. The worker then finishes the
  /// transcript.
  ///
  /// Also returns [WriteResult.Written] if the end is already written.
  ///
  /// @param expectedTail the tail of the log that the writer expects
  /// @param end the call's last position; above `expectedTail` if the last audio was dropped
  /// @param reason the end reason that the transcript reports
  CompletionStage<WriteResult<AudioTail>> end(
      CallId call, String writer, long expectedTail, long end, String reason);

  /// Records that the call's writer is alive. Due every 5 s, with or without audio.
  ///
  /// Answered before any write that is sent after it, so that the writer can compare the tail with
  /// its own.
  CompletionStage<WriteResult<CallProgress>> heartbeat(CallId call, String writer);

  /// Reads a call's audio from a position. The caller closes the reader.
  AudioReader read(CallId call, long position);
}
