package io.verbatim.gateway.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// One call with the ledger of its audio. Received audio is transcribed as words or silence, is in
/// a gap, or is pending.
///
/// At any time `receivedMs = transcribedMs + gapMs + pendingMs`, and the gaps sum to `gapMs`.
///
/// @param storedMs received audio that reached the log
/// @param sentMs audio sent to recognisers, including replays, as of the newest words
/// @param unconfirmed number of finals that the recogniser did not confirm; their audio counts as
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

  /// Audio that will not be transcribed.
  public record Gap(long startMs, long endMs, String reason) {}

  public LedgerView {
    gaps = List.copyOf(gaps);
  }

  /// The ledger of a call for one viewer.
  ///
  /// @param transcript read after the call; gaps that were added in between are left out
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
