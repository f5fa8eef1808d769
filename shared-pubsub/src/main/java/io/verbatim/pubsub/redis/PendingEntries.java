package io.verbatim.pubsub.redis;

import java.util.List;

/// Announcements that became or are pending for this worker.
///
/// @param deadline until when no other worker can claim them
record PendingEntries(List<StreamEntry> entries, Deadline deadline) {
  PendingEntries {
    entries = List.copyOf(entries);
  }
}
