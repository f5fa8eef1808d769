package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Opening.Reason;

/// Whoever feeds a call: told what becomes of it.
///
/// Called on threads of the bus or of a timer, never while a lock of the call is held, and must not
/// block. Late news may come after newer ones: numbers only ever go up.
public interface CallListener {

  /// The call is in the log and takes audio.
  ///
  /// @param id under which it went in
  /// @param nextSeq the number of the frame that is needed next
  /// @param storedSeq every frame up to this number is in the log; those between wait in memory
  void opened(CallId id, long nextSeq, long storedSeq);

  /// The call may not be opened: nothing of it is in the log.
  void refused(Reason reason);

  /// Every frame up to this number is in the log.
  void stored(long seq);

  /// Its end is in the log: all is done. May be told more than once.
  void ended();

  /// Another socket has the call now: here or in another instance.
  void superseded();

  /// The call has been ended by somebody else.
  void endedElsewhere();
}
