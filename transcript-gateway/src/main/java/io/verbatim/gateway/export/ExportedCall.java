package io.verbatim.gateway.export;

import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.LedgerView;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// A call with its transcript as far as it has come: what every document is written from.
///
/// @param fullNumbers whether its reader may see whole phone numbers
public record ExportedCall(CallRecord call, List<TranscriptEntry> transcript, boolean fullNumbers) {

  public ExportedCall {
    transcript = List.copyOf(transcript);
  }

  /// By the transcript, which may have gone on since the directory was asked.
  boolean isGoingOn() {
    return transcript.isEmpty() || !(transcript.getLast() instanceof TranscriptEntry.Ended);
  }

  CallView view() {
    return CallView.of(call, fullNumbers);
  }

  LedgerView ledger() {
    return LedgerView.of(call, transcript, fullNumbers);
  }
}
