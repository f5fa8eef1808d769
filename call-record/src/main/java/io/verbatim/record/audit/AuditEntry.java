package io.verbatim.record.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One action of one actor.
///
/// @param tenant whose data was concerned; null if several were
/// @param actor `token:<subject>` or `key:<id>`
/// @param object such as `call:<id>`, cut to [#MAX_OBJECT] characters
/// @param address of the client
public record AuditEntry(
    Instant at,
    @Nullable String tenant,
    String actor,
    AuditAction action,
    String object,
    AuditOutcome outcome,
    String address) {

  private static final int MAX_ACTOR = 200;
  private static final int MAX_OBJECT = 160;
  private static final int MAX_ADDRESS = 64;

  public AuditEntry {
    actor = cut(actor, MAX_ACTOR);
    object = cut(object, MAX_OBJECT);
    address = cut(address, MAX_ADDRESS);
  }

  private static String cut(String text, int length) {
    return text.substring(0, Math.min(text.length(), length));
  }
}
