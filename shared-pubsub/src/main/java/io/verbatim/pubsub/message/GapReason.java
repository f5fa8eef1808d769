package io.verbatim.pubsub.message;

/// Why audio will never be transcribed, as the transcript says it. Whoever reads a transcript may
/// meet others: a gap written by another version.
public final class GapReason {
  /// It was kept as long as audio is kept, and nobody could hear it in time.
  public static final String RETENTION = "retention";

  /// It never reached the log, or the log lost it.
  public static final String LOG_LOST = "log_lost";

  /// The call ended and no recogniser could be brought to hear the rest.
  public static final String RECOGNIZER_UNAVAILABLE = "recognizer_unavailable";

  /// Worker after worker took the call and came no word further.
  public static final String POISONOUS = "poisonous";

  private GapReason() {}
}
