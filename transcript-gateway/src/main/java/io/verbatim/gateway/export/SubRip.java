package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// A transcript as SubRip (SRT): numbered cues, lines ended as the format's players expect.
///
/// The format has no escapes. Its players take `<…>` and `{…}` for markup, so the opening brackets
/// are written as their full-width sisters.
final class SubRip {

  private static final String END_OF_LINE = "\r\n";

  private SubRip() {}

  static String write(List<TranscriptEntry> transcript) {
    Speakers speakers = Speakers.in(transcript);
    var out = new StringBuilder();
    int number = 0;
    for (Cue cue : Cue.of(transcript)) {
      number++;
      out.append(number)
          .append(END_OF_LINE)
          .append(Timecode.withMillis(cue.startMs(), ','))
          .append(" --> ")
          .append(Timecode.withMillis(cue.endMs(), ','))
          .append(END_OF_LINE)
          .append(speakers.name(cue.speech()).map(name -> name + ": ").orElse(""))
          .append(cue.text().replace('<', '\uFF1C').replace('{', '\uFF5B').replace("-->", "->"))
          .append(END_OF_LINE)
          .append(END_OF_LINE);
    }
    return out.toString();
  }
}
