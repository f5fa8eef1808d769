package io.verbatim.gateway.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// One call with the account of its audio: what came in became words or silence, lies in a gap, or
/// is still pending.
///
/// `receivedMs = transcribedMs + gapMs + pendingMs`, and the gaps sum to `gapMs`, whenever it is
/// asked for.
///
/// @param storedMs what of it reached the log
/// @param sentMs what recognisers were sent, replays included, as of the newest words
/// @param unconfirmed how many finals the recogniser never confirmed; their audio counts as
///   transcribed
public record LedgerView(
    @JsonUnwrapped CallView call,
    long receivedMs,
    long storedMs,
    long sentMs,
    long transcribedMs,
    long pendingMs,
    long unconfirmed,
    List<Gap> gaps) {

  /// Audio nobody will transcribe.
  public record Gap(long startMs, long endMs, String reason) {}

  public LedgerView {
    gaps = List.copyOf(gaps);
  }

  /// The call as one reader may see it.
  ///
  /// @param transcript as read after the call was; a gap that came in between is not yet counted
  public static LedgerView of(
      CallRecord call, List<TranscriptEntry> transcript, boolean fullNumbers) {
    return new LedgerView(
        CallView.of(call, fullNumbers),
        call.receivedMs(),
        call.storedMs(),
        call.sentMs(),
        call.transcribedMs(),
        call.pendingMs(),
        call.unconfirmed(),
        transcript.stream()
            .filter(TranscriptEntry.Gap.class::isInstance)
            .map(TranscriptEntry.Gap.class::cast)
            .filter(gap -> gap.startMs() < call.coveredMs())
            .map(gap -> new Gap(gap.startMs(), gap.endMs(), gap.reason()))
            .toList());
  }
}
