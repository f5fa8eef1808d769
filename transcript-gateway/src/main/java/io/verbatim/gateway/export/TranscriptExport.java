package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// Writes a transcript as a document.
public final class TranscriptExport {

  private TranscriptExport() {}

  /// The document's text.
  ///
  /// @param format any but [TranscriptFormat#SSE], which is a stream and not a document
  public static String write(
      TranscriptFormat format, CallId call, List<TranscriptEntry> transcript) {
    return switch (format) {
      case JSON -> JsonDocument.write(call, transcript);
      case TXT -> PlainText.write(transcript);
      case VTT -> WebVtt.write(transcript);
      case SRT -> SubRip.write(transcript);
      case SSE -> throw new IllegalArgumentException("a stream is not a document");
    };
  }
}
