package io.verbatim.gateway.auth;

import io.verbatim.tokens.TokenClaims;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Somebody whose token was accepted, and what that token opens.
///
/// @param tenant the only tenant whose calls exist for this viewer; null sees all, and needs `ops`
/// @param scopes what the token grants, from `scope` and `permissions`
/// @param expiresAt when the token stops being good
public record Viewer(@Nullable String tenant, Set<String> scopes, Instant expiresAt) {

  /// Read calls and transcripts.
  public static final String READ = "transcripts:read";

  /// Operate the system: dead letters, full phone numbers, every tenant.
  public static final String OPS = "ops";

  /// Who bears a token that says this.
  static Viewer of(TokenClaims claims) {
    return new Viewer(claims.tenantId().orElse(null), claims.scopes(), claims.expiresAt());
  }

  public Viewer {
    scopes = Set.copyOf(scopes);
  }

  public boolean has(String scope) {
    return scopes.contains(scope);
  }

  /// True where a call of this tenant exists for the viewer; to others it is as if it did not.
  public boolean sees(String callTenant) {
    return tenant == null ? has(OPS) : tenant.equals(callTenant);
  }
}
