package io.verbatim.gateway.export;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// A document that is written while the pages of its transcript pass by. One thread at a time.
public interface Document {

  /// What comes before the first page.
  String begin();

  /// The text of the next page, as far as it can be written already.
  String page(List<TranscriptEntry> entries);

  /// What comes behind the last page.
  String end();
}
