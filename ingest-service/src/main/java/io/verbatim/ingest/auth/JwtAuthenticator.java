package io.verbatim.ingest.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import io.verbatim.ingest.auth.AuthResult.Accepted;
import io.verbatim.ingest.auth.AuthResult.Rejected;
import io.verbatim.ingest.auth.JwtVerifier.Verdict.Invalid;
import io.verbatim.ingest.auth.JwtVerifier.Verdict.Valid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Lets in who shows a valid JWT that may write audio.
final class JwtAuthenticator {
  static final String SCOPE = "audio:write";

  private final JwtVerifier verifier;

  JwtAuthenticator(JwtVerifier verifier) {
    this.verifier = verifier;
  }

  CompletionStage<AuthResult> authenticate(String token) {
    return verifier
        .verify(token)
        .thenApply(verdict ->
            switch (verdict) {
              case Valid(JWTClaimsSet claims) -> authorize(claims);
              case Invalid(Rejected rejection) -> rejection;
            });
  }

  private static AuthResult authorize(JWTClaimsSet claims) {
    List<String> scopes = scopes(claims);
    if (!scopes.isEmpty() && !scopes.contains(SCOPE)) {
      return new Rejected(403, "missing_scope", "The token lacks the scope " + SCOPE + ".");
    }
    return new Accepted(
        new Caller.TokenHolder(text(claims, "interaction_id"), text(claims, "tenant_id")));
  }

  /// From `scope`, words in one text, and `permissions`, an array (some issuers make `scope` one
  /// too); a token without any has none.
  private static List<String> scopes(JWTClaimsSet claims) {
    List<String> scopes = new ArrayList<>();
    if (claims.getClaim("scope") instanceof String scope) {
      scopes.addAll(List.of(scope.strip().split("\\s+", -1)));
    }
    for (String name : List.of("scope", "permissions")) {
      if (claims.getClaim(name) instanceof List<?> permissions) {
        permissions.forEach(permission -> scopes.add(String.valueOf(permission)));
      }
    }
    scopes.removeIf(String::isEmpty);
    return scopes;
  }

  /// A claim that must hold where it is present: one of another type holds for nothing.
  private static Optional<String> text(JWTClaimsSet claims, String name) {
    Object claim = claims.getClaim(name);
    return claim == null ? Optional.empty() : Optional.of(claim.toString());
  }
}
