package io.verbatim.asr.call;

/// Why audio will never be transcribed, as the transcript says it.
final class GapReason {
  /// It was kept as long as audio is kept, and nobody could hear it in time.
  static final String RETENTION = "retention";

  /// It never reached the log, or the log lost it.
  static final String LOG_LOST = "log_lost";

  /// The call ended and no recogniser could be brought to hear the rest.
  static final String RECOGNIZER_UNAVAILABLE = "recognizer_unavailable";

  /// Worker after worker took the call and came no word further.
  static final String POISONOUS = "poisonous";

  private GapReason() {}
}
