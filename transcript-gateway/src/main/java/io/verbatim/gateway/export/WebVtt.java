package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A transcript as WebVTT of the W3C. Words and gaps are cues, numbered from 1. The call's data and
/// the hint that it is still live are notes.
///
/// The first two speakers are aligned to different sides of the picture.
final class WebVtt implements Document {

  private static final List<String> ALIGNMENTS = List.of("start", "end");

  private final ExportedCall exported;
  private final Speakers speakers;
  private final CueOrder order;
  private int number;

  WebVtt(ExportedCall exported) {
    this.exported = exported;
    this.speakers = exported.summary().speakers();
    this.order = new CueOrder(exported.summary());
  }

  @Override
  public String begin() {
    return "WEBVTT\n" + note(String.join("\n", PlainText.head(exported)));
  }

  @Override
  public String page(List<TranscriptEntry> entries) {
    var out = new StringBuilder();
    for (Cue cue : order.add(entries)) {
      number++;
      out.append('\n')
          .append(number)
          .append('\n')
          .append(Timecode.withMillis(cue.startMs(), '.'))
          .append(" --> ")
          .append(Timecode.withMillis(cue.endMs(), '.'))
          .append(align(cue.speech(), speakers))
          .append('\n')
          .append(speaker(cue.speech(), speakers))
          .append(escape(cue.text()))
          .append('\n');
    }
    return out.toString();
  }

  @Override
  public String end() {
    return exported.summary().isLive() ? note(PlainText.STILL_LIVE) : "";
  }

  private static String speaker(@Nullable Speech speech, Speakers speakers) {
    String name = speech == null ? "" : speakers.label(speech, "");
    return name.isEmpty() ? "" : "<v " + name + ">";
  }

  private static String align(@Nullable Speech speech, Speakers speakers) {
    OptionalInt number = speech == null ? OptionalInt.empty() : speakers.number(speech);
    return number.isPresent() && number.getAsInt() <= ALIGNMENTS.size()
        ? " align:" + ALIGNMENTS.get(number.getAsInt() - 1)
        : "";
  }

  /// Escapes markup, which begins with `<` or `&`, and the arrow of a time.
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// A note has no escapes. It must not contain the arrow or an empty line.
  private static String note(String text) {
    return "\nNOTE\n" + text.replace("-->", "->") + "\n";
  }
}
