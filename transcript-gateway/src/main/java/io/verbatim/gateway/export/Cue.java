package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.Comparator;
import java.util.List;

/// Words with the time they stand on the screen: the unit of subtitles.
///
/// Players want cues in order of their start, an end behind each start, and no line break that a
/// reader would take for the end of the cue.
record Cue(long startMs, long endMs, String text, Speech speech) {

  static List<Cue> of(List<TranscriptEntry> transcript) {
    return transcript.stream()
        .filter(TranscriptEntry.Final.class::isInstance)
        .map(entry -> of(((TranscriptEntry.Final) entry).speech()))
        .filter(cue -> !cue.text.isEmpty())
        .sorted(Comparator.comparingLong(Cue::startMs))
        .toList();
  }

  private static Cue of(Speech speech) {
    long start = Math.max(0, speech.startMs());
    return new Cue(start, Math.max(speech.endMs(), start + 1), oneLine(speech.text()), speech);
  }

  /// Any run of white space, line breaks included, as one space.
  static String oneLine(String text) {
    return text.strip().replaceAll("[\\s\\u0085\\u2028\\u2029]+", " ");
  }
}
