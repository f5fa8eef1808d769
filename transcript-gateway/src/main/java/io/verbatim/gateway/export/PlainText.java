package io.verbatim.gateway.export;

import io.verbatim.gateway.view.CallView;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A transcript as text to read: what the call was, then a line for each utterance and for each
/// gap, with its time.
final class PlainText implements Document {

  static final String GOING_ON = "The call was still going on when this was written.";

  private final ExportedCall exported;
  private final Speakers speakers;

  PlainText(ExportedCall exported) {
    this.exported = exported;
    this.speakers = exported.summary().speakers();
  }

  @Override
  public String begin() {
    return String.join("\n", head(exported)) + "\n\n";
  }

  @Override
  public String page(List<TranscriptEntry> entries) {
    return entries.stream()
        .map(entry -> line(entry, speakers) + "\n")
        .collect(Collectors.joining());
  }

  @Override
  public String end() {
    return exported.summary().isGoingOn() ? "(" + GOING_ON + ")\n" : "";
  }

  /// Who called whom and when, each on one line without a name for what is not known.
  static List<String> head(ExportedCall exported) {
    CallView call = exported.view();
    List<String> lines = new ArrayList<>();
    lines.add("Call " + call.callId());
    if (call.from() != null || call.to() != null) {
      lines.add("From " + known(call.from()) + " to " + known(call.to()));
    }
    lines.add("Began " + call.startedAt());
    if (call.recognizer() != null) {
      lines.add("Heard by " + recognizer(call.recognizer()));
    }
    return lines;
  }

  private static String known(@Nullable String number) {
    return number == null ? "unknown" : Cue.oneLine(number);
  }

  private static String recognizer(String name) {
    return name.equals("simulated") ? "a simulated recogniser" : Cue.oneLine(name);
  }

  private static String line(TranscriptEntry entry, Speakers speakers) {
    return switch (entry) {
      case TranscriptEntry.Final words ->
          stamp(words.speech().startMs())
              + speakers.label(words.speech(), ": ")
              + Cue.words(words.speech());
      case TranscriptEntry.Gap gap -> stamp(gap.startMs()) + "(" + GapDescription.of(gap) + ")";
      case TranscriptEntry.Ended ended -> stamp(ended.durationMs()) + ending(ended);
    };
  }

  private static String ending(TranscriptEntry.Ended ended) {
    return ended.complete() ? "(end, complete)" : "(end, with words missing)";
  }

  private static String stamp(long millis) {
    return "[" + Timecode.wholeSeconds(millis) + "] ";
  }
}
