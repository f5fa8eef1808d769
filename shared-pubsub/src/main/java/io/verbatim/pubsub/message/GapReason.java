package io.verbatim.pubsub.message;

/// The reasons for audio that will never be transcribed, as the transcript reports them. A
/// transcript of another version may contain other reasons.
public final class GapReason {
  /// The retention of the audio expired before it was transcribed.
  public static final String RETENTION = "retention";

  /// The audio never reached the log, or the log lost it.
  public static final String LOG_LOST = "log_lost";

  /// The call ended and no recogniser was available for the rest.
  public static final String RECOGNIZER_UNAVAILABLE = "recognizer_unavailable";

  /// Several workers claimed the call and died without progress.
  public static final String POISON_CALL = "poison_call";

  private GapReason() {}
}
