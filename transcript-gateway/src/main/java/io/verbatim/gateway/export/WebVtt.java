package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.Speech;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A transcript as WebVTT, as the W3C has it: words and gaps are cues, numbered from 1; what the
/// call was, and that it still goes on, are notes.
///
/// Where two voices are known, each has its side of the picture.
final class WebVtt {

  private static final List<String> SIDES = List.of("start", "end");

  private WebVtt() {}

  static String write(ExportedCall exported) {
    Speakers speakers = Speakers.in(exported.transcript());
    var out = new StringBuilder("WEBVTT\n");
    note(out, String.join("\n", PlainText.head(exported)));
    int number = 0;
    for (Cue cue : Cue.of(exported.transcript())) {
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
    if (exported.isGoingOn()) {
      note(out, PlainText.GOING_ON);
    }
    return out.toString();
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
  private static void note(StringBuilder out, String text) {
    out.append("\nNOTE\n").append(text.replace("-->", "->")).append('\n');
  }
}
