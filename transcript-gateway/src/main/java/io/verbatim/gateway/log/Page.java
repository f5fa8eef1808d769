package io.verbatim.gateway.log;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// The result of reading a transcript after a position.
public sealed interface Page {

  /// The next entries.
  ///
  /// @param isLast whether the log had no further entries when it was read
  record Entries(List<TranscriptEntry> entries, boolean isLast) implements Page {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /// The entry at the position is not in the log: the history was replaced.
  record Replaced() implements Page {}
}
