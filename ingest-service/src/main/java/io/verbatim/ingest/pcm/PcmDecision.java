package io.verbatim.ingest.pcm;

import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmMessage.Start;

/// The decision about a message.
public sealed interface PcmDecision {

  /// Open or resume the call.
  record Open(Start start) implements PcmDecision {}

  /// Add a frame to the open call: whole sample frames, possibly none.
  ///
  /// @param seq the frame's number
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(long seq, byte[] bytes) implements PcmDecision {}

  /// End the call: the caller has sent all audio.
  record End() implements PcmDecision {}

  /// Report a problem; the caller may continue.
  record Report(Problem problem) implements PcmDecision {}

  /// Report a problem and close the connection.
  record Refuse(CloseCode code, Problem problem) implements PcmDecision {}
}
