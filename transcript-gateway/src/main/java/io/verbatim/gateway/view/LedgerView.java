package io.verbatim.gateway.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// One call with the account of its audio: what came in became words or silence, lies in a gap, or
/// is still pending.
public record LedgerView(
    @JsonUnwrapped CallView call,
    long receivedMs,
    long transcribedMs,
    long pendingMs,
    long unconfirmed,
    List<Gap> gaps) {

  /// Audio nobody will transcribe.
  public record Gap(long startMs, long endMs, String reason) {}

  public LedgerView {
    gaps = List.copyOf(gaps);
  }

  public static LedgerView of(
      CallRecord call, List<TranscriptEntry> transcript, boolean fullNumbers) {
    AudioFormat format = call.start().format();
    return new LedgerView(
        CallView.of(call, fullNumbers),
        format.toMillis(call.receivedBytes()),
        format.toMillis(call.transcribedBytes()),
        format.toMillis(call.pendingBytes()),
        call.unconfirmed(),
        transcript.stream()
            .filter(TranscriptEntry.Gap.class::isInstance)
            .map(TranscriptEntry.Gap.class::cast)
            .map(gap -> new Gap(gap.startMs(), gap.endMs(), gap.reason()))
            .toList());
  }
}
