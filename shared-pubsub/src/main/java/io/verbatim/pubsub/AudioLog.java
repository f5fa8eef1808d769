package io.verbatim.pubsub;

import io.verbatim.pubsub.message.AbandonOutcome;
import io.verbatim.pubsub.message.AliveOutcome;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriterOutcome;
import io.verbatim.pubsub.message.WriterWatch;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// The log that carries each call's audio from the one who receives it to the worker who owns it.
///
/// Audio stays until words cover it. A write says where it believes the log ends, so making it
/// again after an unknown outcome does no harm. Every stage may fail with
/// [BusUnavailableException][io.verbatim.pubsub.message.BusUnavailableException].
public interface AudioLog {

  /// What [#shed] leaves of a call's audio in any case.
  Duration LEAST_KEPT = Duration.ofSeconds(2);

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
  CompletionStage<WriterOutcome> append(AudioAppend audio);

  /// Lets the older half of the call's unread audio go, for a log without room; its last seconds
  /// stay in any case. Answers how many bytes that were: none where the call is not the writer's.
  CompletionStage<Long> shed(CallId call, String writer);

  /// Writes the end behind the call's last audio, once; the worker then finishes the transcript.
  ///
  /// Answers [WriterOutcome.Stored] also where the end already stands.
  ///
  /// @param expectedTail where the writer believes the log ends
  /// @param end the call's last position, above `expectedTail` where the last audio was dropped
  /// @param reason why the call ended, as the transcript will say it
  CompletionStage<WriterOutcome> end(
      CallId call, String writer, long expectedTail, long end, String reason);

  /// Says that the call's writer lives, audio or not; due every 5 s. Answers whether a worker has
  /// the call and has shown a sign of life of late.
  CompletionStage<AliveOutcome> alive(CallId call, String writer);

  /// Ends the audio of a call whose writer has given no sign of life for `silence`, as the call's
  /// owner: its reader then meets the end. A look that finds the writer living changes nothing, but
  /// is the owner's own sign of life; due every 5 s.
  ///
  /// The silence counts only while the bus has answered this owner, look after look: where it stood
  /// still in between, every sign of life looks old, and the wait starts anew.
  ///
  /// @param owner the token of the owner's grant
  /// @param watch what the last look answered; at first [WriterWatch#NONE]
  CompletionStage<AbandonOutcome> abandon(
      CallId call, String owner, WriterWatch watch, Duration silence, String reason);

  /// Reads a call's audio from a position on. The caller closes the reader.
  AudioReader read(CallId call, long position);

  /// Takes calls, as many as there are permits, until the leases are closed.
  ///
  /// @param holder told of each call that is given or lost
  Leases lease(int permits, LeaseHolder holder);
}
