package io.verbatim.gateway.calls;

import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.pubsub.message.CallRecord;
import org.jspecify.annotations.Nullable;

/// A call, and where its transcript is read.
///
/// @param reads reads the transcript, from the log or from the archive
/// @param archiveRef the call's key in the archive; null for a call in the log
public record FoundCall(CallRecord record, TranscriptReads reads, @Nullable Long archiveRef) {

  /// A call in the log.
  public static FoundCall inLog(CallRecord record, TranscriptReads log) {
    return new FoundCall(record, log, null);
  }

  public boolean isArchived() {
    return archiveRef != null;
  }
}
