package io.verbatim.ingest.pcm;

import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.ingest.websocket.CloseCode;

/// What is to be done about something that came in.
public sealed interface PcmDecision {

  /// The call is to be opened, or taken up again.
  record Open(Start start) implements PcmDecision {}

  /// A frame of the open call: whole sample frames, possibly none.
  ///
  /// @param seq its number
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(long seq, byte[] bytes) implements PcmDecision {}

  /// The caller has said all of the call.
  record End() implements PcmDecision {}

  /// Something to tell the caller, who may go on.
  record Tell(PcmProblem problem) implements PcmDecision {}

  /// Something to tell the caller, and then the socket is to be closed.
  record Refuse(CloseCode code, PcmProblem problem) implements PcmDecision {}
}
