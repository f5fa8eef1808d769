package io.verbatim.gateway.transcript;

import io.verbatim.gateway.sse.TranscriptEvents;
import org.jspecify.annotations.Nullable;

/// The id from which a client resumes.
///
/// @param entry the last entry that it was sent; null for none
/// @param translated the final of the last translation that it was sent; null if unknown
record ResumeId(@Nullable String entry, @Nullable String translated) {

  private static final ResumeId NONE = new ResumeId(null, null);

  /// The id in the header `Last-Event-ID` or in the parameter `lastEventId`.
  static ResumeId of(@Nullable String header, @Nullable String parameter) {
    String id = header == null ? parameter : header;
    if (id == null || id.isBlank()) {
      return NONE;
    }
    int separator = id.indexOf(TranscriptEvents.TRANSLATED);
    return separator < 0
        ? new ResumeId(id, null)
        : new ResumeId(id.substring(0, separator), id.substring(separator + 1));
  }

  /// Whether the last event that the client was sent is `evicted`.
  boolean isEvicted() {
    return entry != null && entry.startsWith(TranscriptEvents.EVICTED_PREFIX);
  }
}
