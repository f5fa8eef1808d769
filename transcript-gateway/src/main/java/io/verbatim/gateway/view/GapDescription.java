package io.verbatim.gateway.view;

import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.TranscriptEntry;

/// Describes the length and reason of a gap in text for people. The page and all documents show
/// this text.
public final class GapDescription {

  private GapDescription() {}

  /// `3.2 s not transcribed: no recogniser was available`, on one line.
  public static String of(TranscriptEntry.Gap gap) {
    return length(gap.endMs() - gap.startMs()) + " not transcribed: " + reason(gap.reason());
  }

  /// `3.2 s`, at least `0.1 s`
  private static String length(long millis) {
    long tenths = Math.max(1, Math.round(millis / 100.0));
    return tenths / 10 + "." + tenths % 10 + " s";
  }

  /// The text for a reason code of the log. An unknown code is returned with spaces.
  private static String reason(String code) {
    return switch (code) {
      case GapReason.RETENTION -> "the recogniser was unavailable for too long";
      case GapReason.RECOGNIZER_UNAVAILABLE -> "no recogniser was available";
      case GapReason.LOG_LOST -> "the audio was lost in the log";
      case GapReason.POISON_CALL -> "the recogniser failed on it repeatedly";
      default -> code.replaceAll("[\\s\\u0085\\u2028\\u2029_]+", " ").strip();
    };
  }
}
