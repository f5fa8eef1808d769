package io.verbatim.ingest.auth;

import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.token.TokenClaims;
import io.verbatim.security.token.TokenFault;
import io.verbatim.security.token.TokenVerifier;
import io.verbatim.security.token.TokenVerifier.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Accepts callers with a valid JWT that permits writing audio.
final class JwtAuthenticator {
  static final String SCOPE = "audio:write";

  private final TokenVerifier verifier;

  JwtAuthenticator(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  CompletionStage<AuthResult<Caller>> authenticate(String token) {
    return verifier
        .verify(token)
        .thenApply(verdict ->
            switch (verdict) {
              case Verdict.Valid(TokenClaims claims) -> authorize(claims);
              case Verdict.Invalid(TokenFault fault) -> AuthResult.<Caller>invalidToken(fault);
            });
  }

  /// Accepts a token without scopes. A token with scopes must have `audio:write`.
  private static AuthResult<Caller> authorize(TokenClaims claims) {
    if (!claims.scopes().isEmpty() && !claims.scopes().contains(SCOPE)) {
      return AuthResult.missingScope(SCOPE);
    }
    return new Accepted<>(
        new Caller.TokenHolder(
            Optional.empty(), claims.subject(), claims.interactionId(), claims.tenantId()));
  }
}
