package io.verbatim.gateway.log;

import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;

/// What was read of a transcript behind a position.
public sealed interface Page {

  /// The next entries.
  ///
  /// @param isLast whether the log held nothing further when it was read
  record Entries(List<TranscriptEntry> entries, boolean isLast) implements Page {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /// The entry behind which was to be read is not in the log: the history was replaced.
  record Replaced() implements Page {}
}
