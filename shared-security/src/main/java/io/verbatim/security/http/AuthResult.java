package io.verbatim.security.http;

import io.verbatim.security.token.TokenFault;

/// The result of authenticating a client. The caller decides what to do about a rejection.
///
/// @param <T> what is known of an accepted client
public sealed interface AuthResult<T> {

  record Accepted<T>(T client) implements AuthResult<T> {}

  /// The client is rejected: 401 if its credentials are missing or invalid, 403 if they do not
  /// suffice, 429 after too many failures, 503 if they cannot be checked at the moment.
  record Rejected<T>(Problem problem) implements AuthResult<T> {}

  static <T> AuthResult<T> unauthorized(String code, String detail) {
    return new Rejected<>(Problem.named(401, code, detail));
  }

  static <T> AuthResult<T> invalidToken(TokenFault fault) {
    return unauthorized(fault.code(), fault.sentence());
  }

  static <T> AuthResult<T> missingScope(String scope) {
    return new Rejected<>(
        Problem.named(403, "missing_scope", "The token lacks the scope " + scope + "."));
  }
}
