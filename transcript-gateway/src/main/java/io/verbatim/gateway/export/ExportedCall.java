package io.verbatim.gateway.export;

import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.LedgerView;
import io.verbatim.pubsub.message.CallRecord;

/// A call and the summary of its transcript, for the beginning of a document.
///
/// @param fullNumbers whether the viewer may see full phone numbers
public record ExportedCall(CallRecord call, TranscriptSummary summary, boolean fullNumbers) {

  CallView view() {
    return CallView.of(call, fullNumbers);
  }

  LedgerView ledger() {
    return LedgerView.of(call, summary.gaps(), fullNumbers);
  }
}
