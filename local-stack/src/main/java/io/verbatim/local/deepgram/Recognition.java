package io.verbatim.local.deepgram;

import java.util.List;

/// One way of making sense of one channel's audio. Not thread-safe.
sealed interface Recognition permits SampleCallRecognition, SpeechDetector {

  /// Says now what can be said of the audio up to `heard`, as one or no final segment, and goes on
  /// listening.
  List<Hearing> flush(long heard);

  /// Says its last word: from `at` on somebody else listens.
  List<Hearing> leave(long at);

  /// Where the next segment starts: the end of the last final one.
  long settled();
}
