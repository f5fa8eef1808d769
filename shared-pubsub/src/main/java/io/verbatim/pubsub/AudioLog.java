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

/// The log that carries each call's audio from the one who receives it to the worker who owns it.
///
/// Audio stays until words cover it. A write says where it believes the log ends, so making it
/// again after an unknown outcome does no harm. Every stage may fail with
/// [BusUnavailableException][io.verbatim.pubsub.message.BusUnavailableException].
public interface AudioLog {

  /// What [#trimOldest] leaves of a call's audio in any case.
  Duration MIN_KEPT = Duration.ofSeconds(2);

  /// Opens a call and announces it to the workers.
  ///
  /// With `resume`, a live call of the same tenant and format is taken over: its writer before is
  /// fenced. Making the request again with the same `writer` answers as the first time.
  ///
  /// @param writer a fresh random token that every later write of this writer carries
  CompletionStage<Opening> open(CallStart start, String writer, boolean resume);

  /// Announces an open call once more, for a worker to take: when it has had no owner for a while.
  CompletionStage<Void> announce(CallId call);

  /// Appends audio.
  ///
  /// Fails with [BusFullException][io.verbatim.pubsub.message.BusFullException] where the log has
  /// no room.
  CompletionStage<WriteResult<AudioTail>> append(AudioAppend audio);

  /// Removes the older half of the call's unread audio from a log without room; the last seconds
  /// stay. Returns the number of bytes removed: 0 where the call is not the writer's.
  CompletionStage<Long> trimOldest(CallId call, String writer);

  /// Writes the end behind the call's last audio, once; the worker then finishes the transcript.
  ///
  /// Returns [WriteResult.Written] also where the end already stands.
  ///
  /// @param expectedTail where the writer believes the log ends
  /// @param end the call's last position, above `expectedTail` where the last audio was dropped
  /// @param reason why the call ended, as the transcript will say it
  CompletionStage<WriteResult<AudioTail>> end(
      CallId call, String writer, long expectedTail, long end, String reason);

  /// Records that the call's writer is alive, whether audio arrives or not; due every 5 s.
  CompletionStage<WriteResult<CallProgress>> heartbeat(CallId call, String writer);

  /// Reads a call's audio from a position on. The caller closes the reader.
  AudioReader read(CallId call, long position);
}
