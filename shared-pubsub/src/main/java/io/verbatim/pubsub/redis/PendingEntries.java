package io.verbatim.pubsub.redis;

import java.util.List;

/// Announcements that are pending for this worker.
///
/// @param deadline the time until which no other worker can claim them
record PendingEntries(List<StreamEntry> entries, Deadline deadline) {
  PendingEntries {
    entries = List.copyOf(entries);
  }
}
