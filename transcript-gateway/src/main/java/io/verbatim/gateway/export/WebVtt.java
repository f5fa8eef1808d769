package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A transcript as WebVTT, as the W3C has it: words and gaps are cues, numbered from 1; what the
/// call was, and that it still goes on, are notes.
///
/// Where two voices are known, each has its side of the picture.
final class WebVtt implements Document {

  private static final List<String> SIDES = List.of("start", "end");

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
          .append(side(cue.speech(), speakers))
          .append('\n')
          .append(voice(cue.speech(), speakers))
          .append(escape(cue.text()))
          .append('\n');
    }
    return out.toString();
  }

  @Override
  public String end() {
    return exported.summary().isGoingOn() ? note(PlainText.GOING_ON) : "";
  }

  private static String voice(@Nullable Speech speech, Speakers speakers) {
    String name = speech == null ? "" : speakers.label(speech, "");
    return name.isEmpty() ? "" : "<v " + name + ">";
  }

  private static String side(@Nullable Speech speech, Speakers speakers) {
    OptionalInt number = speech == null ? OptionalInt.empty() : speakers.number(speech);
    return number.isPresent() && number.getAsInt() <= SIDES.size()
        ? " align:" + SIDES.get(number.getAsInt() - 1)
        : "";
  }

  /// Markup begins with `<` or `&`, and `-->` would make a line a time.
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// A note knows no escapes; the arrow and an empty line are all that must not stand in it.
  private static String note(String text) {
    return "\nNOTE\n" + text.replace("-->", "->") + "\n";
  }
}
