package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// A transcript as WebVTT: words are cues, gaps are notes.
final class WebVtt {

  private WebVtt() {}

  static String write(List<TranscriptEntry> transcript) {
    Speakers speakers = Speakers.in(transcript);
    var out = new StringBuilder("WEBVTT\n");
    for (TranscriptEntry entry : transcript) {
      if (entry instanceof TranscriptEntry.Gap gap) {
        out.append("\nNOTE ").append(note(PlainText.gap(gap))).append('\n');
      }
    }
    for (Cue cue : Cue.of(transcript)) {
      out.append('\n')
          .append(Timecode.withMillis(cue.startMs(), '.'))
          .append(" --> ")
          .append(Timecode.withMillis(cue.endMs(), '.'))
          .append('\n')
          .append(speakers.name(cue.speech()).map(name -> "<v " + name + ">").orElse(""))
          .append(escape(cue.text()))
          .append('\n');
    }
    return out.toString();
  }

  /// Markup begins with `<` or `&`, and `-->` would make a line a time.
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// A note knows no escapes; the arrow is all that must not stand in it.
  private static String note(String text) {
    return text.replace("-->", "->");
  }
}
