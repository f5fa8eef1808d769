package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Opening.Reason;

/// Receives what happens to a call session. Called on the event loop, possibly from within a method
/// of the session.
public interface CallListener {

  /// The call is in the log and takes audio.
  ///
  /// @param id the id under which it was opened
  /// @param nextSeq the number of the frame that is needed next
  /// @param storedSeq every frame up to this number is in the log; those between wait in memory
  void opened(CallId id, long nextSeq, long storedSeq);

  /// The call may not be opened: nothing of it is in the log.
  void refused(Reason reason);

  /// Every frame up to this number is in the log.
  void stored(long seq);

  /// There is room for audio again, after [CallSession#add] said that there is none.
  void roomAvailable();

  /// The call's end is in the log.
  void ended();

  /// Another connection has the call now: of this instance or of another one.
  void superseded();

  /// The call has been ended by another process.
  void endedElsewhere();
}
