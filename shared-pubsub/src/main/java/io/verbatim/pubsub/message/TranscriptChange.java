package io.verbatim.pubsub.message;

import java.util.List;

/// What is new in a transcript: entries behind the last ones read, and the register as it stands.
///
/// @param caughtUp whether the log held nothing further when it was read
public record TranscriptChange(List<TranscriptEntry> entries, LiveState now, boolean caughtUp) {
  public TranscriptChange {
    entries = List.copyOf(entries);
  }
}
