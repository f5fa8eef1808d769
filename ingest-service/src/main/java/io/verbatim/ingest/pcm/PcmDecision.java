package io.verbatim.ingest.pcm;

import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmMessage.Start;

/// What is to be done about a message.
public sealed interface PcmDecision {

  /// The call is to be opened, or resumed.
  record Open(Start start) implements PcmDecision {}

  /// A frame of the open call: whole sample frames, possibly none.
  ///
  /// @param seq its number
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(long seq, byte[] bytes) implements PcmDecision {}

  /// The caller has sent all of the call.
  record End() implements PcmDecision {}

  /// A problem to report; the caller may continue.
  record Report(Problem problem) implements PcmDecision {}

  /// A problem to report before the connection is closed.
  record Refuse(CloseCode code, Problem problem) implements PcmDecision {}
}
