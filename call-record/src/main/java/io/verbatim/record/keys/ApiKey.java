package io.verbatim.record.keys;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A key without its secret.
///
/// @param id the visible part
/// @param tenant the only tenant that the key is valid for; null for all
/// @param createdBy the subject of the token that made it
/// @param expiresAt null for never
/// @param lastUsedAt written at most once a minute; null if it was never used
public record ApiKey(
    String id,
    String name,
    @Nullable String tenant,
    Set<String> scopes,
    Instant createdAt,
    String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {

  public ApiKey {
    scopes = Set.copyOf(scopes);
  }
}
