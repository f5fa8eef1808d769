package io.verbatim.local.deepgram;

import java.util.List;

/// A way to recognise one channel's audio. Not thread-safe.
sealed interface Recognition permits SampleCallRecognition, SpeechDetector {

  /// Finalizes the audio up to `received` in at most one final segment. Recognition continues.
  List<RecognitionEvent> flush(long received);

  /// Finalizes the recognised speech before `at` and ends: another recognition continues from
  /// there.
  List<RecognitionEvent> close(long at);

  /// The end of the last final segment, where the next segment starts.
  long finalEnd();
}
