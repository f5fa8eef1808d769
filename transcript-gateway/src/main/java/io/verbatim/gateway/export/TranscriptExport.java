package io.verbatim.gateway.export;

/// Writes a transcript as a document.
public final class TranscriptExport {

  private TranscriptExport() {}

  /// The document's text.
  ///
  /// @param format any but [TranscriptFormat#SSE], which is a stream and not a document
  public static String write(TranscriptFormat format, ExportedCall exported) {
    return switch (format) {
      case JSON -> JsonDocument.write(exported);
      case TXT -> PlainText.write(exported);
      case VTT -> WebVtt.write(exported);
      case SRT -> SubRip.write(exported);
      case SSE -> throw new IllegalArgumentException("a stream is not a document");
    };
  }
}
