package io.verbatim.record.audit;

import java.util.Locale;

/// How an action ended.
public enum AuditOutcome {
  OK,
  /// There is no such object, or the actor may not see it.
  NOT_FOUND,
  REFUSED,
  FAILED,
  /// The client disconnected before the answer, so the action may have been done.
  UNKNOWN;

  /// The name in answers and in the database.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
