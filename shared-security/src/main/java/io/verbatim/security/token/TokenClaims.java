package io.verbatim.security.token;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// The claims of a valid token.
///
/// @param subject who the token was issued for; empty if it does not say
/// @param tenantId the only tenant the token is valid for; empty for any tenant
/// @param interactionId the only call the token is valid for; empty for any call
/// @param scopes the granted scopes, from `scope` and `permissions`
/// @param expiresAt when the token expires
public record TokenClaims(
    Optional<String> subject,
    Optional<String> tenantId,
    Optional<String> interactionId,
    Set<String> scopes,
    Instant expiresAt) {
  public TokenClaims {
    scopes = Set.copyOf(scopes);
  }
}
