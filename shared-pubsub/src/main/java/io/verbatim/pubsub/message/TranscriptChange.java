package io.verbatim.pubsub.message;

import java.util.List;

/// The changes of a transcript: the entries after the last ones read, and the current live state.
///
/// @param caughtUp whether the log had no further entries when it was read
public record TranscriptChange(
    List<TranscriptEntry> entries, LiveState liveState, boolean caughtUp) {
  public TranscriptChange {
    entries = List.copyOf(entries);
  }
}
