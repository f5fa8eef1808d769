package io.verbatim.gateway.export;

import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.GapDescription;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A transcript as plain text: the call's data, then one line with its time for each utterance and
/// each gap.
final class PlainText implements Document {

  static final String STILL_LIVE = "The call was still live when this was written.";

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
    return exported.summary().isLive() ? "(" + STILL_LIVE + ")\n" : "";
  }

  /// The call's id, parties, start and recogniser, one per line.
  static List<String> head(ExportedCall exported) {
    CallView call = exported.view();
    List<String> lines = new ArrayList<>();
    lines.add("Call " + call.callId());
    if (call.from() != null || call.to() != null) {
      lines.add("From " + numberOrUnknown(call.from()) + " to " + numberOrUnknown(call.to()));
    }
    lines.add("Began " + call.startedAt());
    if (call.recognizer() != null) {
      lines.add("Transcribed by " + recognizer(call.recognizer()));
    }
    return lines;
  }

  private static String numberOrUnknown(@Nullable String number) {
    return number == null ? "unknown" : Cue.oneLine(number);
  }

  private static String recognizer(String name) {
    return name.equals("simulated") ? "a simulated recogniser" : Cue.oneLine(name);
  }

  private static String line(TranscriptEntry entry, Speakers speakers) {
    return switch (entry) {
      case TranscriptEntry.Final words ->
          timestamp(words.speech().startMs())
              + speakers.label(words.speech(), ": ")
              + Cue.words(words.speech());
      case TranscriptEntry.Gap gap -> timestamp(gap.startMs()) + "(" + GapDescription.of(gap) + ")";
      case TranscriptEntry.Ended ended -> timestamp(ended.durationMs()) + ending(ended);
    };
  }

  private static String ending(TranscriptEntry.Ended ended) {
    return ended.complete() ? "(end, complete)" : "(end, incomplete)";
  }

  private static String timestamp(long millis) {
    return "[" + Timecode.wholeSeconds(millis) + "] ";
  }
}
