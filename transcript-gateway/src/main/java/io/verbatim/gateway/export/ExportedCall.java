package io.verbatim.gateway.export;

import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.LedgerView;
import io.verbatim.pubsub.message.CallRecord;

/// A call and what is known of its transcript before the pages are read: what every document begins
/// with.
///
/// @param fullNumbers whether its reader may see whole phone numbers
public record ExportedCall(CallRecord call, TranscriptSummary summary, boolean fullNumbers) {

  CallView view() {
    return CallView.of(call, fullNumbers);
  }

  LedgerView ledger() {
    return LedgerView.of(call, summary.gaps(), fullNumbers);
  }
}
