package io.verbatim.record.audit;

import java.util.List;
import java.util.Optional;

/// Entries, newest first, and where older ones begin.
///
/// @param next empty if there are no older ones
public record AuditPage(List<AuditEntry> entries, Optional<AuditCursor> next) {
  public AuditPage {
    entries = List.copyOf(entries);
  }
}
