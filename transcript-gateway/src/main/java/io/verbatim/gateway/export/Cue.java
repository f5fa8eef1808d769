package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Text with the time it stands on the screen: the unit of subtitles. A gap is one too, so that
/// whoever only sees subtitles sees that something is missing.
///
/// Players want cues in order of their start, an end behind each start, and no line break that a
/// reader would take for the end of the cue.
///
/// @param speech whose words they are; null in a gap
record Cue(long startMs, long endMs, String text, @Nullable Speech speech) {

  /// The cues of these entries, in the entries' order.
  static Stream<Cue> of(List<TranscriptEntry> entries) {
    return entries.stream().flatMap(Cue::of);
  }

  private static Stream<Cue> of(TranscriptEntry entry) {
    return switch (entry) {
      case TranscriptEntry.Final words -> Stream.of(words.speech()).map(Cue::of).flatMap(Cue::said);
      case TranscriptEntry.Gap gap ->
          Stream.of(at(gap.startMs(), gap.endMs(), "[" + GapDescription.of(gap) + "]", null));
      case TranscriptEntry.Ended _ -> Stream.empty();
    };
  }

  private static Cue of(Speech speech) {
    return at(speech.startMs(), speech.endMs(), words(speech), speech);
  }

  private static Stream<Cue> said(Cue cue) {
    return cue.text.isEmpty() ? Stream.empty() : Stream.of(cue);
  }

  private static Cue at(long startMs, long endMs, String text, @Nullable Speech speech) {
    long start = Math.max(0, startMs);
    return new Cue(start, Math.max(endMs, start + 1), text, speech);
  }

  /// What was said, on one line, and whether the recogniser ever stood by it.
  static String words(Speech speech) {
    String text = oneLine(speech.text());
    return speech.unconfirmed() && !text.isEmpty() ? text + " (unconfirmed)" : text;
  }

  /// Any run of white space, line breaks included, as one space.
  static String oneLine(String text) {
    return text.strip().replaceAll("[\\s\\u0085\\u2028\\u2029]+", " ");
  }
}
