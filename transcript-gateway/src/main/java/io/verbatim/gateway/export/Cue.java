package io.verbatim.gateway.export;

import io.verbatim.gateway.view.GapDescription;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Text with the time it is shown: the unit of subtitles. A gap is a cue too, so that subtitles
/// show that something is missing.
///
/// Players need cues in order of their start, an end after each start, and no line break that a
/// parser takes for the end of the cue.
///
/// @param speech the source of the words; null in a gap
record Cue(long startMs, long endMs, String text, @Nullable Speech speech) {

  /// The cues of these entries, in the entries' order.
  static Stream<Cue> of(List<TranscriptEntry> entries) {
    return entries.stream().flatMap(Cue::of);
  }

  private static Stream<Cue> of(TranscriptEntry entry) {
    return switch (entry) {
      case TranscriptEntry.Final words ->
          Stream.of(words.speech()).map(Cue::of).flatMap(Cue::nonEmpty);
      case TranscriptEntry.Gap gap ->
          Stream.of(at(gap.startMs(), gap.endMs(), "[" + GapDescription.of(gap) + "]", null));
      case TranscriptEntry.Ended _ -> Stream.empty();
    };
  }

  private static Cue of(Speech speech) {
    return at(speech.startMs(), speech.endMs(), words(speech), speech);
  }

  private static Stream<Cue> nonEmpty(Cue cue) {
    return cue.text.isEmpty() ? Stream.empty() : Stream.of(cue);
  }

  private static Cue at(long startMs, long endMs, String text, @Nullable Speech speech) {
    long start = Math.max(0, startMs);
    return new Cue(start, Math.max(endMs, start + 1), text, speech);
  }

  /// The words on one line, marked if the recogniser did not confirm them.
  static String words(Speech speech) {
    String text = oneLine(speech.text());
    return speech.unconfirmed() && !text.isEmpty() ? text + " (unconfirmed)" : text;
  }

  /// Replaces each run of white space, including line breaks, by one space.
  static String oneLine(String text) {
    return text.strip().replaceAll("[\\s\\u0085\\u2028\\u2029]+", " ");
  }
}
