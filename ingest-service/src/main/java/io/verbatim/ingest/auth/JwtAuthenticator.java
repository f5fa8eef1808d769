package io.verbatim.ingest.auth;

import io.verbatim.ingest.auth.AuthResult.Accepted;
import io.verbatim.ingest.auth.AuthResult.Rejected;
import io.verbatim.tokens.TokenClaims;
import io.verbatim.tokens.TokenFault;
import io.verbatim.tokens.TokenVerifier;
import io.verbatim.tokens.TokenVerifier.Verdict;
import java.util.concurrent.CompletionStage;

/// Lets in who shows a valid JWT that may write audio.
final class JwtAuthenticator {
  static final String SCOPE = "audio:write";

  private final TokenVerifier verifier;

  JwtAuthenticator(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  CompletionStage<AuthResult> authenticate(String token) {
    return verifier
        .verify(token)
        .thenApply(verdict ->
            switch (verdict) {
              case Verdict.Valid(TokenClaims claims) -> authorize(claims);
              case Verdict.Invalid(TokenFault fault) ->
                  Rejected.unauthorized(fault.code(), fault.sentence());
            });
  }

  /// A token without any scope may write; one with scopes must have this.
  private static AuthResult authorize(TokenClaims claims) {
    if (!claims.scopes().isEmpty() && !claims.scopes().contains(SCOPE)) {
      return new Rejected(403, "missing_scope", "The token lacks the scope " + SCOPE + ".");
    }
    return new Accepted(new Caller.TokenHolder(claims.interactionId(), claims.tenantId()));
  }
}
