package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// A transcript as SubRip (SRT): cues numbered from 1, times with a comma, lines ended by CR LF as
/// players expect, an empty line after each cue.
///
/// The format has no notes and no escapes. Players take `<…>` and `{…}` for markup and `-->` for a
/// time, so `<`, `{` and the arrow's `>` are written as full-width characters.
final class SubRip implements Document {

  private static final String END_OF_LINE = "\r\n";

  private final Speakers speakers;
  private final CueOrder order;
  private int number;

  SubRip(ExportedCall exported) {
    this.speakers = exported.summary().speakers();
    this.order = new CueOrder(exported.summary());
  }

  @Override
  public String begin() {
    return "";
  }

  @Override
  public String page(List<TranscriptEntry> entries) {
    var out = new StringBuilder();
    for (Cue cue : order.add(entries)) {
      number++;
      out.append(number)
          .append(END_OF_LINE)
          .append(Timecode.withMillis(cue.startMs(), ','))
          .append(" --> ")
          .append(Timecode.withMillis(cue.endMs(), ','))
          .append(END_OF_LINE)
          .append(cue.speech() == null ? "" : speakers.label(cue.speech(), ": "))
          .append(plain(cue.text()))
          .append(END_OF_LINE)
          .append(END_OF_LINE);
    }
    return out.toString();
  }

  @Override
  public String end() {
    return "";
  }

  private static String plain(String text) {
    return text.replace('<', '\uFF1C').replace('{', '\uFF5B').replace("-->", "--\uFF1E");
  }
}
