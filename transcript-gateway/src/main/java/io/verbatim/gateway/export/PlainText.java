package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// A transcript as text to read: a line for each utterance and for each gap, with its time.
final class PlainText {

  private PlainText() {}

  static String write(List<TranscriptEntry> transcript) {
    Speakers speakers = Speakers.in(transcript);
    var out = new StringBuilder();
    for (TranscriptEntry entry : transcript) {
      switch (entry) {
        case TranscriptEntry.Final words -> out.append(line(words, speakers));
        case TranscriptEntry.Gap gap ->
            out.append(stamp(gap.startMs())).append('(').append(gap(gap)).append(")");
        case TranscriptEntry.Ended ended ->
            out.append(stamp(ended.durationMs()))
                .append(ended.complete() ? "(end, complete)" : "(end, with words missing)");
      }
      out.append('\n');
    }
    return out.toString();
  }

  static String gap(TranscriptEntry.Gap gap) {
    return Timecode.length(gap.endMs() - gap.startMs())
        + " from "
        + Timecode.wholeSeconds(gap.startMs())
        + " not transcribed: "
        + Cue.oneLine(gap.reason());
  }

  private static String line(TranscriptEntry.Final words, Speakers speakers) {
    return stamp(words.speech().startMs())
        + speakers.name(words.speech()).map(name -> name + ": ").orElse("")
        + Cue.oneLine(words.speech().text())
        + (words.speech().unconfirmed() ? " (unconfirmed)" : "");
  }

  private static String stamp(long millis) {
    return "[" + Timecode.wholeSeconds(millis) + "] ";
  }
}
