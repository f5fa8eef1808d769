package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.TranscriptEntry;

/// Says of a gap how long it is and why it is there, in words for people.
final class GapDescription {

  private GapDescription() {}

  /// `3.2 s not transcribed: the recogniser was away for too long`, on one line.
  static String of(TranscriptEntry.Gap gap) {
    return Timecode.length(gap.endMs() - gap.startMs()) + " not transcribed: " + why(gap.reason());
  }

  /// The log's short reasons; one that is not known here is said as it stands.
  private static String why(String reason) {
    return switch (reason) {
      case GapReason.RETENTION -> "the recogniser was away for too long";
      case GapReason.RECOGNIZER_UNAVAILABLE -> "no recogniser was available";
      case GapReason.LOG_LOST -> "the audio was lost in the log";
      case GapReason.POISONOUS -> "the recogniser failed on it again and again";
      default -> Cue.oneLine(reason.replace('_', ' '));
    };
  }
}
