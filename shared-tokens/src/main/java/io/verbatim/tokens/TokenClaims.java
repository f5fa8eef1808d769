package io.verbatim.tokens;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What a token that holds says of its bearer.
///
/// @param tenantId the only tenant it is for, where it names one
/// @param interactionId the only call it is for, where it names one
/// @param scopes what it grants, from `scope` and `permissions`
/// @param expiresAt when it stops being good
public record TokenClaims(
    Optional<String> tenantId,
    Optional<String> interactionId,
    Set<String> scopes,
    Instant expiresAt) {
  public TokenClaims {
    scopes = Set.copyOf(scopes);
  }
}
