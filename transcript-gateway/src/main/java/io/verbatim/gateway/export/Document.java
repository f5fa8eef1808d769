package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// A document that is written page by page. Not thread-safe.
public interface Document {

  /// The text before the first page.
  String begin();

  /// The text that can be written after the next page was read.
  String page(List<TranscriptEntry> entries);

  /// The text after the last page.
  String end();
}
