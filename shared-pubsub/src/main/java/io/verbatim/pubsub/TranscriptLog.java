package io.verbatim.pubsub;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The log of what was said in each call, and the register of what is being said.
///
/// Writing is the owner's alone: every write carries its token and is refused to anybody else. Each
/// is one atomic step, and making it again after an unknown outcome does no harm. Each entry is
/// linked to the one before, so that a reader notices when its history was replaced. Every stage
/// may fail with [BusUnavailableException][io.verbatim.pubsub.message.BusUnavailableException].
public interface TranscriptLog {

  /// Where a transcript begins: an id below every entry's.
  String START = "0-0";

  /// Appends words that stand: removes the channel's interim, moves the channel's `covered` and
  /// lets the audio below go. Unconfirmed words are counted as such.
  ///
  /// @param coverage a step of at least one byte: without one, a retry could not be told from news
  CompletionStage<WriteResult<Long>> append(
      CallId call, String owner, Coverage coverage, Speech words);

  /// Moves a channel's `covered` over audio without words.
  CompletionStage<WriteResult<Long>> cover(CallId call, String owner, Coverage coverage);

  /// Says that the audio from the lowest `covered` up to `to` will never be transcribed, and moves
  /// every channel there.
  ///
  /// @param from the lowest `covered`, as the owner believes
  CompletionStage<WriteResult<Long>> appendGap(
      CallId call, String owner, long from, long to, String reason);

  /// Notes how much audio the owner has sent to a recogniser in all, replays included.
  ///
  /// @param bytes since the call became its own
  CompletionStage<WriteResult<Long>> noteSent(CallId call, String owner, long bytes);

  /// Replaces the interim of the speech's channel.
  CompletionStage<WriteResult<Long>> setInterim(CallId call, String owner, Speech interim);

  CompletionStage<WriteResult<Long>> setRecognizer(
      CallId call, String owner, RecognizerStatus status);

  /// Ends the transcript, once; afterwards every write to the call is refused and its audio is
  /// gone.
  ///
  /// @param covered per channel, where the owner believes its words end; empty for wherever they do
  /// @param end the position behind the call's last audio
  /// @param rest what becomes of audio that is not covered up to `end`, if there is any
  CompletionStage<WriteResult<Long>> end(
      CallId call, String owner, List<Long> covered, long end, String reason, UncoveredTail rest);

  /// Entries behind `afterId`, oldest first; empty where there are none or no such call.
  ///
  /// @param limit how many at most
  CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit);

  /// The last entries, oldest first; fewer than `limit` where the transcript has no more.
  ///
  /// @param limit how many at most
  CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit);

  /// The entry with this id, `<position>-<n>`; empty where there is none.
  CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id);

  /// Follows a transcript, also one that has not begun. The caller closes the reader.
  TranscriptReader follow(CallId call, String afterId);
}
