package io.verbatim.asr.recognizer;

import java.util.concurrent.CompletionStage;

/// One live session of a recogniser. Its methods may be called from any thread and never block.
public interface RecognizerSession {

  /// Sends audio, after [RecognizerEvent.Opened] and before [#finish].
  ///
  /// Completes when the bytes have left for the network. A sender that waits for it before sending
  /// more holds no audio but its own; the array is handed over.
  ///
  /// @param audio whole sample frames, not empty
  CompletionStage<Void> send(byte[] audio);

  /// Asks for the words of what was sent so far, without ending anything. Also a sign of life.
  void flush();

  /// Says that no audio follows. The last words come, then [CloseCause.Finished]; a recogniser that
  /// does not get there in time closes as [CloseCause.Lost].
  void finish();

  /// Leaves at once and without a word: no event follows.
  void drop();
}
