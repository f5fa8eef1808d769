package io.verbatim.record.audit;

import java.util.Locale;

/// What was done.
public enum AuditAction {
  /// Calls, a transcript, dead letters or the audit log were read.
  READ,
  /// A transcript was fetched as a document.
  EXPORT,
  SEARCH,
  ERASE,
  CREATE_KEY,
  REVOKE_KEY,
  DELETE_DEAD_LETTERS;

  /// The name in answers and in the database.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether it changed nothing. Such an action is recorded once an hour.
  public boolean isRead() {
    return this == READ || this == EXPORT || this == SEARCH;
  }
}
