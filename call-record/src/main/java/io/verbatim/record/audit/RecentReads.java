package io.verbatim.record.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The reads of the current hour that were recorded, so that a stream that reconnects or a program
/// that polls is recorded once an hour. Never blocks; thread-safe.
final class RecentReads {

  /// Above it the reads are forgotten, and then recorded once more.
  private static final int MAX = 20_000;

  private final Map<AuditEntry, Boolean> seen = new ConcurrentHashMap<>();
  private volatile Instant hour = Instant.MIN;

  /// Whether this read was not recorded in its hour.
  boolean isNew(AuditEntry entry) {
    Instant current = entry.at().truncatedTo(ChronoUnit.HOURS);
    if (!current.equals(hour) || seen.size() >= MAX) {
      seen.clear();
      hour = current;
    }
    AuditEntry inHour =
        new AuditEntry(
            current,
            entry.tenant(),
            entry.actor(),
            entry.action(),
            entry.object(),
            entry.outcome(),
            entry.address());
    return seen.putIfAbsent(inHour, true) == null;
  }
}
