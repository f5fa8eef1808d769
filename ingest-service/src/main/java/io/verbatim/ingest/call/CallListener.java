package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Opening.Reason;

/// Receives the events of a call session. Called on the event loop, possibly from within a method
/// of the session.
public interface CallListener {

  /// The call is open in the log and accepts audio.
  ///
  /// @param id the id it was opened under
  /// @param nextSeq the number of the next expected frame
  /// @param storedSeq every frame up to this number is in the log; later ones before `nextSeq` are
  ///   in memory
  void opened(CallId id, long nextSeq, long storedSeq);

  /// The log refused to open the call. Nothing was written.
  void refused(Reason reason);

  /// Every frame up to this number is in the log.
  void stored(long seq);

  /// There is room for audio again, after [CallSession#add] returned false.
  void roomAvailable();

  /// The call's end is in the log.
  void ended();

  /// Another connection, to this instance or another one, has taken over the call.
  void superseded();

  /// Another process has ended the call.
  void endedElsewhere();
}
