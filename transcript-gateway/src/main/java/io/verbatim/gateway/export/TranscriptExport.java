package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// Writes a transcript as a document.
public final class TranscriptExport {

  private TranscriptExport() {}

  /// Begins a document.
  ///
  /// @param format not [TranscriptFormat#SSE], which is a stream
  public static Document document(TranscriptFormat format, ExportedCall exported) {
    return switch (format) {
      case JSON -> new JsonDocument(exported);
      case TXT -> new PlainText(exported);
      case VTT -> new WebVtt(exported);
      case SRT -> new SubRip(exported);
      case SSE ->
          throw new IllegalArgumentException("format SSE is a stream: use JSON, TXT, VTT or SRT");
    };
  }

  /// Writes the document of a transcript that is in memory.
  public static String write(
      TranscriptFormat format,
      CallRecord call,
      List<TranscriptEntry> transcript,
      boolean fullNumbers) {
    TranscriptSummary summary = new TranscriptSummary();
    summary.add(transcript);
    Document document = document(format, new ExportedCall(call, summary, fullNumbers));
    return document.begin() + document.page(transcript) + document.end();
  }
}
